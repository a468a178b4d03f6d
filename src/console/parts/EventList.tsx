import { useEffect, useState } from "preact/hooks"
import type { Events, SecurityEvent } from "../../client/client.ts"
import { useAct } from "./act.ts"
import { Failure } from "./Failure.tsx"
import { When } from "./When.tsx"

/** What it is called: `sign-in.failed` is `Sign-in failed`. */
const nameOfEvent = (type: string): string => {
  const words = type.replaceAll(".", " ")
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const Row = ({ event }: { readonly event: SecurityEvent }) => (
  <li class="item">
    <span class={event.outcome === "success" ? "dot good" : "dot bad"} />
    <div class="grow">
      <p class="strong">
        {nameOfEvent(event.type)}
        {event.outcome === "failure" && <span class="unseen"> (failed)</span>}
      </p>
      <p class="small">
        {Object.entries(event.detail ?? {})
          .map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`)
          .concat(event.ip_address ?? [])
          .join(" · ")}
      </p>
    </div>
    <p class="small">
      <When at={event.at} />
    </p>
  </li>
)

/** Events, newest first, a page at a time. */
export const EventList = ({
  page,
  depends = ""
}: {
  readonly page: (before: string | undefined) => Promise<Events>
  readonly depends?: string
}) => {
  const [events, hold] = useState<ReadonlyArray<SecurityEvent>>([])
  const [next, move] = useState<string>()
  const act = useAct()
  const more = (before: string | undefined) =>
    act.run(async () => {
      const found = await page(before)
      hold((held) => (before === undefined ? found.events : [...held, ...found.events]))
      move(found.next)
    })
  useEffect(() => void more(undefined), [depends])
  return (
    <>
      <Failure failed={act.failed} />
      {!act.busy && events.length === 0 && act.failed === undefined && <p class="empty">Nothing yet.</p>}
      <ul class="items">
        {events.map((event) => (
          <Row key={event.id} event={event} />
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
