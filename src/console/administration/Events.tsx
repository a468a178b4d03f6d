import { useState } from "preact/hooks"
import type { SecurityEvent } from "../../client/client.ts"
import { keyhole, may } from "../keyhole.ts"
import { EventList } from "../parts/EventList.tsx"
import { EVENT_NAMES, isEventType } from "../parts/eventNames.ts"
import { useLoad } from "../parts/load.ts"
import { SearchField } from "../parts/SearchField.tsx"
import { Title } from "../parts/Title.tsx"
import { useSettled } from "../parts/useSettled.ts"
import { go, instead, place, to } from "../place.ts"

const PATH = "/administration/events"
/** As many people's addresses are shown in place of their ids. */
const KNOWN = 200
const SUGGESTED = 10

const within = (change: Readonly<Record<string, string | undefined>>): string =>
  to(PATH, { ...place.value.query, ...change })

/** Narrows the events down to one person, once their address is whole. */
const Person = ({ address }: { readonly address: string }) => {
  const [typed, type] = useState(address)
  const asked = useSettled(typed.trim())
  const { value } = useLoad(async () => {
    const { users } = await keyhole.users({ limit: SUGGESTED, ...(asked !== "" && { query: asked }) })
    const meant = users.find(({ email }) => email === asked.toLowerCase())
    if (asked !== address) instead(within({ user_id: meant?.id }))
    return users
  }, [asked])
  return (
    <>
      <SearchField label="Somebody’s address" value={typed} list="people" onType={type} />
      <datalist id="people">
        {value?.map(({ id, email }) => (
          <option key={id} value={email} />
        ))}
      </datalist>
    </>
  )
}

const addressesOf = async (user: string | undefined): Promise<ReadonlyMap<string, string>> => {
  if (!may("user:read")) return new Map()
  const [{ users }, asked] = await Promise.all([
    keyhole.users({ limit: KNOWN }),
    user === undefined
      ? []
      : keyhole.user(user).then(
          (found) => [found],
          () => []
        )
  ])
  return new Map([...users, ...asked].map(({ id, email }) => [id, email]))
}

export const Events = () => {
  const { type, user_id } = place.value.query
  const { value: addresses } = useLoad(() => addressesOf(user_id))
  const wanted = { limit: 50, ...(isEventType(type) && { type }), ...(user_id !== undefined && { user_id }) }
  const link = (id: string) => (
    <a href={to("/administration/users", { id })}>{addresses?.get(id) ?? `${id.slice(0, 12)}…`}</a>
  )
  const who = ({ user_id: about, actor_id: by }: SecurityEvent) => (
    <>
      {about !== undefined && <li>{link(about)}</li>}
      {by !== undefined && by !== about && <li>by {link(by)}</li>}
    </>
  )
  return (
    <>
      <Title>Events</Title>
      <p class="lead">What happened to accounts, sessions, keys and images, newest first.</p>
      <div class="narrow tools">
        <label>
          <span class="unseen">Kind of event</span>
          <select
            value={type ?? ""}
            onChange={({ currentTarget: { value } }) => go(within({ type: value === "" ? undefined : value }))}
          >
            <option value="">All kinds</option>
            {Object.entries(EVENT_NAMES).map(([each, name]) => (
              <option key={each} value={each}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {may("user:read") && addresses !== undefined && <Person address={addresses.get(user_id ?? "") ?? ""} />}
      </div>
      <EventList page={(before) => keyhole.events({ ...wanted, ...before })} depends={[type, user_id]} who={who} />
    </>
  )
}
