import type { ComponentChildren } from "preact"
import type { Events, SecurityEvent } from "../../client/client.ts"
import { Digest, isDigest } from "./Digest.tsx"
import { nameOfEvent } from "./eventNames.ts"
import { More } from "./More.tsx"
import { usePages } from "./pages.ts"
import { sayBytes } from "./say.ts"
import { When } from "./When.tsx"

/** Details that say what they are by themselves. */
const PLAIN: ReadonlySet<string> = new Set(["image", "path", "platform", "host", "role", "change"])

const Detail = ({ name, value }: { readonly name: string; readonly value: string }) => {
  if (isDigest(value)) return <Digest of={value} />
  if (name === "bytes_fetched") return <>{sayBytes(Number(value))} fetched</>
  return <>{PLAIN.has(name) ? value : `${name.replaceAll("_", " ")} ${value}`}</>
}

const Row = ({ event, children }: { readonly event: SecurityEvent; readonly children: ComponentChildren }) => (
  <li class="item">
    <span class={event.outcome === "success" ? "dot good" : "dot bad"} />
    <div class="grow">
      <p class="strong">
        {nameOfEvent(event.type)}{" "}
        {event.outcome === "failure" && !event.type.endsWith("failed") && <span class="tag bad">failed</span>}
      </p>
      <ul class="details small">
        {children}
        {Object.entries(event.detail ?? {}).map(([name, value]) => (
          <li key={name}>
            <Detail name={name} value={value} />
          </li>
        ))}
        {event.ip_address !== undefined && <li>from {event.ip_address}</li>}
      </ul>
    </div>
    <p class="small when">
      <When at={event.at} />
    </p>
  </li>
)

/** Events, newest first, a page at a time. */
export const EventList = ({
  page,
  depends = [],
  who = () => null
}: {
  readonly page: (before: { readonly before?: string }) => Promise<Events>
  readonly depends?: ReadonlyArray<unknown>
  /** Whom an event is about, where that is not plain. */
  readonly who?: (event: SecurityEvent) => ComponentChildren
}) => {
  const pages = usePages(async (before) => {
    const { events, next } = await page(before === undefined ? {} : { before })
    return { items: events, next }
  }, depends)
  return (
    <>
      {pages.isEmpty && <p class="empty">Nothing yet.</p>}
      <ul class="items">
        {pages.items.map((event) => (
          <Row key={event.id} event={event}>
            {who(event)}
          </Row>
        ))}
      </ul>
      <More pages={pages}>Show older ones</More>
    </>
  )
}
