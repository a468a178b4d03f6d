import { keyhole } from "../keyhole.ts"
import { EventList } from "../parts/EventList.tsx"
import { Failure } from "../parts/Failure.tsx"
import { useLoad } from "../parts/load.ts"
import { Title } from "../parts/Title.tsx"

export const Events = () => (
  <>
    <Title>Events</Title>
    <p class="lead">Everything that happened to accounts, sessions, keys and images, newest first.</p>
    <EventList page={(before) => keyhole.events({ limit: 50, ...(before !== undefined && { before }) })} />
  </>
)

export const Keys = () => {
  const { value, failed } = useLoad(() => keyhole.publicKeys())
  return (
    <>
      <Title>Keys</Title>
      <p class="lead">
        The public keys that verify tokens: the one that signs, the next one, and those that retire. They take turns by
        themselves; <code>keyhole keys rotate</code> does it at once.
      </p>
      <Failure failed={failed} />
      <ul class="items">
        {value?.keys.map(({ kid, alg }) => (
          <li class="item" key={kid}>
            <p class="mono grow">{kid}</p>
            <p class="small">{alg}</p>
          </li>
        ))}
      </ul>
    </>
  )
}
