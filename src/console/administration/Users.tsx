import { useState } from "preact/hooks"
import { keyhole } from "../keyhole.ts"
import { Icon } from "../parts/Icon.tsx"
import { More } from "../parts/More.tsx"
import { usePages } from "../parts/pages.ts"
import { SearchField } from "../parts/SearchField.tsx"
import { Title } from "../parts/Title.tsx"
import { When } from "../parts/When.tsx"
import { useSettled } from "../parts/useSettled.ts"
import { place, to } from "../place.ts"
import { User } from "./User.tsx"

const PAGE = 50

const List = () => {
  const [typed, type] = useState("")
  const query = useSettled(typed.trim())
  const pages = usePages(
    async (after) => {
      const asked = { limit: PAGE, ...(query !== "" && { query }), ...(after !== undefined && { after }) }
      const { users, next } = await keyhole.users(asked)
      return { items: users, next }
    },
    [query]
  )
  return (
    <>
      <Title>Users</Title>
      <p class="lead">Everybody who has an account, in the order of their addresses.</p>
      <div class="narrow tools">
        <SearchField label="Search for people" value={typed} onType={type} />
      </div>
      {pages.isEmpty && <p class="empty">Nobody’s address or name has “{query}” in it.</p>}
      <ul class="items">
        {pages.items.map(({ id, email, name, roles, disabled, last_login_at }) => (
          <li class="item" key={id}>
            <Icon name="person" />
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
            <p class="small when">
              {last_login_at === null ? (
                "never signed in"
              ) : (
                <>
                  signed in <When at={last_login_at} />
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
      <More pages={pages}>Show more</More>
    </>
  )
}

export const Users = () => {
  const { id } = place.value.query
  return id === undefined ? <List /> : <User key={id} id={id} />
}
