import { useState } from "preact/hooks"
import type { Grant, Role } from "../../client/client.ts"
import { keyhole, may } from "../keyhole.ts"
import { Confirm } from "../parts/Confirm.tsx"
import { Failure } from "../parts/Failure.tsx"
import { Field } from "../parts/Field.tsx"
import { Form } from "../parts/Form.tsx"
import { Icon } from "../parts/Icon.tsx"
import { useLoad } from "../parts/load.ts"
import { type Said, tickedIn } from "../parts/said.ts"
import { Title } from "../parts/Title.tsx"

type Offered = Exclude<Grant, "*">

/** A permission that is not here does not compile. */
const OFFERED: Readonly<Record<Offered, true>> = {
  "image:read": true,
  "image:carve": true,
  "image:download": true,
  "registry:credential": true,
  "token:introspect": true,
  "user:read": true,
  "user:write": true,
  "role:read": true,
  "role:write": true,
  "role:assign": true,
  "event:read": true
}
const isOffered = (text: string): text is Offered => Object.hasOwn(OFFERED, text)
const GRANTS = Object.keys(OFFERED).filter(isOffered)

const define = ({ name = "" }: Said, form: HTMLFormElement) => {
  const ticked = tickedIn(form, "permission")
  return keyhole.defineRole(
    name.trim(),
    GRANTS.filter((grant) => ticked.includes(grant))
  )
}

const Definition = ({ onDone }: { readonly onDone: () => Promise<void> }) => (
  <Form send={(said, form) => define(said, form).then(onDone)} button="Define" done="The role is defined." clears>
    <Field label="Name" name="name" required autocomplete="off" hint="A name that is there already is given these." />
    <fieldset>
      <legend>Permissions</legend>
      <div class="choices">
        {GRANTS.map((grant) => (
          <label key={grant} class="choice">
            <input type="checkbox" name="permission" value={grant} />
            <span class="mono">{grant}</span>
          </label>
        ))}
      </div>
    </fieldset>
  </Form>
)

export const Roles = () => {
  const { value, failed, again } = useLoad(() => keyhole.roles())
  const [removing, ask] = useState<Role>()
  return (
    <>
      <Title>Roles</Title>
      <p class="lead">What people may do. Changes count at once, also for tokens that were issued before.</p>
      <Failure failed={failed} again={again} />
      <ul class="items">
        {value?.roles.map((role) => (
          <li class="item" key={role.name}>
            <Icon name="badge" />
            <div class="grow">
              <p class="strong">
                {role.name} {role.built_in && <span class="tag">built in</span>}
              </p>
              <p class="small mono">{role.permissions.includes("*") ? "everything" : role.permissions.join(", ")}</p>
            </div>
            {!role.built_in && may("role:write") && (
              <button type="button" class="plain" aria-label={`Remove ${role.name}`} onClick={() => ask(role)}>
                Remove
              </button>
            )}
          </li>
        ))}
      </ul>
      {may("role:write") && (
        <section class="card apart">
          <h2>Define a role</h2>
          <Definition onDone={again} />
        </section>
      )}
      {removing !== undefined && (
        <Confirm
          title={`Remove ${removing.name}?`}
          yes="Remove"
          act={() => keyhole.removeRole(removing.name).then(again)}
          onClose={() => ask(undefined)}
        >
          <p>A role that somebody has stays.</p>
        </Confirm>
      )}
    </>
  )
}
