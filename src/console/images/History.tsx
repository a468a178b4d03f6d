import { useEffect, useState } from "preact/hooks"
import type { History as Page } from "../../client/client.ts"
import { keyhole } from "../keyhole.ts"
import { useAct } from "../parts/act.ts"
import { Failure } from "../parts/Failure.tsx"
import { Icon } from "../parts/Icon.tsx"
import { Title } from "../parts/Title.tsx"
import { When } from "../parts/When.tsx"
import { to } from "../place.ts"
import { sayBytes } from "./say.ts"

type Look = Page["entries"][number]

const Row = ({ look }: { readonly look: Look }) => {
  const { image, platform, layer, path, operation } = look
  return (
    <li class="item">
      <Icon name={operation === "peek" ? "image" : "file"} />
      <div class="grow">
        <p>
          <a
            class="mono"
            href={to("/images", { image, platform, layer, path: operation === "carve" ? path : undefined })}
          >
            {image}
          </a>
        </p>
        <p class="small">
          {operation === "peek" ? "Peek" : "Carve"}
          {path !== undefined && ` · ${path}`}
          {layer !== undefined && ` · layer ${layer}`} · {platform} · {sayBytes(look.bytes_fetched)} fetched
          {look.outcome === "failure" && " · failed"}
        </p>
      </div>
      <p class="small">
        <When at={look.at} />
      </p>
    </li>
  )
}

/** What somebody looked at before, newest first. */
export const LookList = ({ limit, query = "" }: { readonly limit: number; readonly query?: string }) => {
  const [looks, hold] = useState<ReadonlyArray<Look>>([])
  const [next, move] = useState<string>()
  const act = useAct()
  const more = (before?: string) =>
    act.run(async () => {
      const found = await keyhole.history({
        limit,
        ...(query !== "" && { query }),
        ...(before !== undefined && { before })
      })
      hold((held) => (before === undefined ? found.entries : [...held, ...found.entries]))
      move(found.next)
    })
  useEffect(() => void more(), [query])
  return (
    <>
      <Failure failed={act.failed} />
      {!act.busy && looks.length === 0 && act.failed === undefined && (
        <p class="empty">Nothing yet. Type an image's name as `docker pull` takes it.</p>
      )}
      <ul class="items">
        {looks.map((look) => (
          <Row key={`${look.at} ${look.operation} ${look.path ?? ""}`} look={look} />
        ))}
      </ul>
      {next !== undefined && (
        <button type="button" class="plain" disabled={act.busy} onClick={() => void more(next)}>
          Show older ones
        </button>
      )}
    </>
  )
}

export const History = () => {
  const [query, ask] = useState("")
  return (
    <>
      <Title>History</Title>
      <div class="narrow tools">
        <label class="grow">
          <span class="unseen">Search for images and paths</span>
          <input
            type="search"
            placeholder="Search for images and paths"
            onInput={({ currentTarget }) => ask(currentTarget.value.trim())}
          />
        </label>
      </div>
      <LookList limit={30} query={query} />
    </>
  )
}
