import { useState } from "preact/hooks"
import type { Member, Role } from "../../client/client.ts"
import { keyhole, may } from "../keyhole.ts"
import { useAct } from "../parts/act.ts"
import { Confirm } from "../parts/Confirm.tsx"
import { EventList } from "../parts/EventList.tsx"
import { Failure } from "../parts/Failure.tsx"
import { Form } from "../parts/Form.tsx"
import { useLoad } from "../parts/load.ts"
import { tickedIn } from "../parts/said.ts"
import { Title } from "../parts/Title.tsx"
import { When } from "../parts/When.tsx"
import { go } from "../place.ts"

const Roles = ({
  member,
  roles,
  onChange
}: {
  readonly member: Member
  readonly roles: ReadonlyArray<Role>
  readonly onChange: () => Promise<void>
}) => (
  <Form
    send={(_said, form) => keyhole.setRoles(member.id, tickedIn(form, "role")).then(onChange)}
    button={may("role:assign") ? "Give these roles" : undefined}
    done="Given. They count at once."
  >
    <fieldset disabled={!may("role:assign")}>
      <legend class="unseen">Roles</legend>
      {roles.map(({ name, permissions }) => (
        <label key={name} class="choice">
          <input type="checkbox" name="role" value={name} defaultChecked={member.roles.some((each) => each === name)} />
          <span>
            {name} <span class="small">{permissions.includes("*") ? "everything" : permissions.join(", ")}</span>
          </span>
        </label>
      ))}
    </fieldset>
  </Form>
)

const Doors = ({ member, onChange }: { readonly member: Member; readonly onChange: () => Promise<void> }) => {
  const [deleting, ask] = useState(false)
  const [said, say] = useState("")
  const act = useAct()
  const then = async (work: () => Promise<unknown>, done: string) => {
    say("")
    if (await act.run(work)) say(done)
    await onChange()
  }
  return (
    <section class="card">
      <h2>Access</h2>
      <Failure failed={act.failed} />
      <div class="actions">
        <button
          type="button"
          class="plain"
          onClick={() => void then(() => keyhole.endSessionsOf(member.id), "Every session has ended.")}
        >
          End all sessions
        </button>
        <button
          type="button"
          class="plain"
          onClick={() =>
            void then(
              () => keyhole.setDisabled(member.id, !member.disabled),
              member.disabled ? "The account is open again." : "The account is shut, and every session has ended."
            )
          }
        >
          {member.disabled ? "Let in again" : "Disable"}
        </button>
        <button type="button" class="danger" onClick={() => ask(true)}>
          Delete
        </button>
      </div>
      <p class="small" role="status">
        {said}
      </p>
      {deleting && (
        <Confirm
          title={`Delete ${member.email}?`}
          yes="Delete"
          act={async () => {
            await keyhole.deleteUser(member.id)
            go("#/administration/users")
          }}
          onClose={() => ask(false)}
        >
          <p>Everything that is theirs goes. This cannot be undone.</p>
        </Confirm>
      )}
    </section>
  )
}

/** One account, as administrators see it. */
export const User = ({ id }: { readonly id: string }) => {
  const { value, failed, again } = useLoad(() => keyhole.user(id))
  const roles = useLoad(async () => (may("role:read") ? (await keyhole.roles()).roles : []))
  if (value === undefined) return <Failure failed={failed} again={again} />
  return (
    <>
      <p class="small">
        <a href="#/administration/users">Users</a>
      </p>
      <div class="heading">
        <Title>{value.email}</Title>
        {value.disabled && <span class="tag bad">Disabled</span>}
      </div>
      <p class="lead">
        {value.name !== null && `${value.name} · `}account made <When at={value.created_at} />
      </p>
      <section class="card">
        <h2>Roles</h2>
        {roles.value !== undefined && <Roles member={value} roles={roles.value} onChange={again} />}
      </section>
      {may("user:write") && <Doors member={value} onChange={again} />}
      {may("event:read") && (
        <section class="card">
          <h2>What happened</h2>
          <EventList page={(before) => keyhole.events({ user_id: id, limit: 20, ...before })} depends={[value]} />
        </section>
      )}
    </>
  )
}
