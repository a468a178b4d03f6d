import { useState } from "preact/hooks"
import { keyhole } from "../keyhole.ts"
import { Confirm } from "../parts/Confirm.tsx"
import { Failure } from "../parts/Failure.tsx"
import { Field } from "../parts/Field.tsx"
import { Form } from "../parts/Form.tsx"
import { Icon } from "../parts/Icon.tsx"
import { useLoad } from "../parts/load.ts"
import type { Said } from "../parts/said.ts"
import { Title } from "../parts/Title.tsx"

/** In place of a user's name it says that the password is an identity token. */
const TOKEN = "<token>"

const keep = ({ host = "", username = "", password = "" }: Said) =>
  keyhole.setCredential(host.trim(), { username: username.trim(), password })

const Login = ({ onDone }: { readonly onDone: () => Promise<void> }) => (
  <Form send={(said) => keep(said).then(onDone)} button="Keep login" look="main" done="The login is kept." clears>
    <Field
      label="Registry"
      name="host"
      required
      autocomplete="off"
      placeholder="ghcr.io"
      hint="The host as it stands at the beginning of an image's name, with the port if there is one."
    />
    <Field label="User name" name="username" required autocomplete="off" hint={`For an identity token: ${TOKEN}`} />
    <Field label="Password or token" name="password" type="password" required autocomplete="off" />
  </Form>
)

/** What somebody logs in to registries with. */
export const Registries = () => {
  const { value, failed, again } = useLoad(() => keyhole.registries())
  const [removing, ask] = useState<string>()
  return (
    <>
      <Title>Registries</Title>
      <p class="lead">
        Your logins to registries, for images that not everybody may pull. Each is used for you alone and for exactly
        that host, and its password is never shown again.
      </p>
      <Failure failed={failed} again={again} />
      {value?.registries.length === 0 && <p class="empty">No logins yet. Images that everybody may pull need none.</p>}
      <ul class="items">
        {value?.registries.map(({ host, username }) => (
          <li class="item" key={host}>
            <Icon name="box" />
            <div class="grow">
              <p class="strong">{host}</p>
              <p class="small">{username === TOKEN ? "with an identity token" : `as ${username}`}</p>
            </div>
            <button type="button" class="plain" aria-label={`Remove the login to ${host}`} onClick={() => ask(host)}>
              Remove
            </button>
          </li>
        ))}
      </ul>
      <section class="card apart">
        <h2>Keep a login</h2>
        <p class="small">A registry that has one already is given this in its place.</p>
        <Login onDone={again} />
      </section>
      {removing !== undefined && (
        <Confirm
          title={`Remove the login to ${removing}?`}
          yes="Remove"
          act={() => keyhole.removeCredential(removing).then(again)}
          onClose={() => ask(undefined)}
        >
          <p>Its images are then pulled as everybody may.</p>
        </Confirm>
      )}
    </>
  )
}
