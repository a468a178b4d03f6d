import { useState } from "preact/hooks"
import type { History as Page } from "../../client/client.ts"
import { keyhole } from "../keyhole.ts"
import { Icon } from "../parts/Icon.tsx"
import { More } from "../parts/More.tsx"
import { usePages } from "../parts/pages.ts"
import { sayBytes } from "../parts/say.ts"
import { SearchField } from "../parts/SearchField.tsx"
import { Title } from "../parts/Title.tsx"
import { useSettled } from "../parts/useSettled.ts"
import { When } from "../parts/When.tsx"
import { to } from "../place.ts"

type Look = Page["entries"][number]

const PAGE = 30

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
          </a>{" "}
          {look.outcome === "failure" && <span class="tag bad">failed</span>}
        </p>
        <ul class="details small">
          <li>{operation === "peek" ? "Peek" : "Carve"}</li>
          {path !== undefined && <li>{path}</li>}
          {layer !== undefined && <li>layer {layer}</li>}
          <li>{platform}</li>
          {look.bytes_fetched > 0 && <li>{sayBytes(look.bytes_fetched)} fetched</li>}
        </ul>
      </div>
      <p class="small when">
        <When at={look.at} />
      </p>
    </li>
  )
}

/** What somebody looked at before, newest first. */
const LookList = ({ query }: { readonly query: string }) => {
  const pages = usePages(
    async (before) => {
      const asked = { limit: PAGE, ...(query !== "" && { query }), ...(before !== undefined && { before }) }
      const { entries, next } = await keyhole.history(asked)
      return { items: entries, next }
    },
    [query]
  )
  return (
    <>
      {pages.isEmpty && query === "" && (
        <p class="empty">
          Nothing yet. <a href="#/images">Look into an image</a>
        </p>
      )}
      {pages.isEmpty && query !== "" && <p class="empty">Nothing that you looked at has “{query}” in it.</p>}
      <ul class="items">
        {pages.items.map((look) => (
          <Row key={`${look.at} ${look.operation} ${look.path ?? ""}`} look={look} />
        ))}
      </ul>
      <More pages={pages}>Show older ones</More>
    </>
  )
}

export const History = () => {
  const [typed, type] = useState("")
  return (
    <>
      <Title>History</Title>
      <p class="lead">The images you peeked into and the files you carved out of them, newest first.</p>
      <div class="narrow tools">
        <SearchField label="Search for images and paths" value={typed} onType={type} />
      </div>
      <LookList query={useSettled(typed.trim())} />
    </>
  )
}
