import { useState } from "preact/hooks"
import { keyhole } from "../keyhole.ts"
import { Failure } from "../parts/Failure.tsx"
import { useLoad } from "../parts/load.ts"
import { Title } from "../parts/Title.tsx"
import { When } from "../parts/When.tsx"
import { place, to } from "../place.ts"
import { User } from "./User.tsx"

const PAGE = 50

const List = () => {
  const [query, ask] = useState("")
  const [after, turn] = useState<string>()
  const { value, failed } = useLoad(
    () => keyhole.users({ limit: PAGE, ...(query !== "" && { query }), ...(after !== undefined && { after }) }),
    [query, after]
  )
  return (
    <>
      <Title>Users</Title>
      <div class="narrow tools">
        <label class="grow">
          <span class="unseen">Search for people</span>
          <input
            type="search"
            placeholder="Search for people"
            onInput={({ currentTarget }) => {
              turn(undefined)
              ask(currentTarget.value.trim())
            }}
          />
        </label>
      </div>
      <Failure failed={failed} />
      {value?.users.length === 0 && <p class="empty">Nobody.</p>}
      <ul class="items">
        {value?.users.map(({ id, email, name, roles, disabled, last_login_at }) => (
          <li class="item" key={id}>
            <div class="grow">
              <p>
                <a href={to("/administration/users", { id })}>{email}</a>{" "}
                {disabled && <span class="tag bad">Disabled</span>}
              </p>
              <p class="small">
                {name !== null && `${name} · `}
                {roles.join(", ")}
              </p>
            </div>
            <p class="small">{last_login_at === null ? "never here" : <When at={last_login_at} />}</p>
          </li>
        ))}
      </ul>
      <div class="actions turn-pages">
        {after !== undefined && (
          <button type="button" class="plain" onClick={() => turn(undefined)}>
            Back to the first
          </button>
        )}
        {value?.next !== undefined && (
          <button type="button" class="plain" onClick={() => turn(value.next)}>
            Show the next
          </button>
        )}
      </div>
    </>
  )
}

export const Users = () => {
  const { id } = place.value.query
  return id === undefined ? <List /> : <User key={id} id={id} />
}
