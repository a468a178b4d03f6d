import { useState } from "preact/hooks"
import type { Session } from "../../client/client.ts"
import { keyhole } from "../keyhole.ts"
import { useAct } from "../parts/act.ts"
import { Confirm } from "../parts/Confirm.tsx"
import { Failure } from "../parts/Failure.tsx"
import { Icon } from "../parts/Icon.tsx"
import { useLoad } from "../parts/load.ts"
import { Title, toTitle } from "../parts/Title.tsx"
import { When } from "../parts/When.tsx"

const countries = new Intl.DisplayNames("en", { type: "region" })

/** From where, as far as it is known. */
const placeOf = ({ ip_address, country }: Session): string => {
  const address = ip_address ?? "Unknown address"
  return country === undefined ? address : `${countries.of(country) ?? country}, ${address}`
}

const nameOf = ({ device, kind }: Session): string => device ?? (kind === "token" ? "A program" : "A browser")

const Row = ({ session, onEnd }: { readonly session: Session; readonly onEnd: () => void }) => (
  <li class="item">
    <Icon name={session.kind === "cookie" ? "device" : "key"} />
    <div class="grow">
      <p class="strong">
        {nameOf(session)} {session.current && <span class="tag good">This one</span>}
      </p>
      <p class="small">
        {placeOf(session)} · last seen <When at={session.last_seen_at} /> · signed in <When at={session.created_at} />
      </p>
      {session.device === null && session.user_agent !== null && <p class="small mono">{session.user_agent}</p>}
    </div>
    {!session.current && (
      <button type="button" class="plain" aria-label={`End the session on ${nameOf(session)}`} onClick={onEnd}>
        End
      </button>
    )}
  </li>
)

export const Sessions = () => {
  const { value: sessions, failed, again } = useLoad(() => keyhole.sessions())
  const act = useAct()
  const [asking, ask] = useState(false)
  const [said, say] = useState("")
  const others = sessions?.filter(({ current }) => !current) ?? []
  const end = async (ended: ReadonlyArray<Session>) => {
    say("")
    const done = await Promise.allSettled(ended.map(({ id }) => keyhole.endSession(id)))
    await again()
    for (const one of done) if (one.status === "rejected") throw one.reason
    say(ended.length === 1 ? "The session has ended." : `${ended.length} sessions have ended.`)
  }
  // The button goes with its session.
  const endOne = (session: Session) => void act.run(() => end([session])).then(toTitle)
  return (
    <>
      <div class="heading narrow">
        <Title>Sessions</Title>
        {others.length > 0 && (
          <button type="button" class="plain" onClick={() => ask(true)}>
            End all others
          </button>
        )}
      </div>
      <p class="lead">Where you are signed in. A session you do not know: end it, and change your password.</p>
      <Failure failed={failed ?? act.failed} again={again} />
      <p class="small said" role="status">
        {said}
      </p>
      <ul class="items">
        {sessions?.map((session) => (
          <Row key={session.id} session={session} onEnd={() => endOne(session)} />
        ))}
      </ul>
      {asking && (
        <Confirm title="End all other sessions?" yes="End them" act={() => end(others)} onClose={() => ask(false)}>
          <p>
            {others.length === 1 ? "One other session ends" : `${others.length} other sessions end`} at once. You stay
            signed in here.
          </p>
        </Confirm>
      )}
    </>
  )
}
