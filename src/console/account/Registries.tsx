import { useState } from "preact/hooks"
import { keyhole } from "../keyhole.ts"
import { saidIn, useAct } from "../parts/act.ts"
import { Confirm } from "../parts/Confirm.tsx"
import { Failure } from "../parts/Failure.tsx"
import { Field } from "../parts/Field.tsx"
import { Icon } from "../parts/Icon.tsx"
import { useLoad } from "../parts/load.ts"
import { Title } from "../parts/Title.tsx"

/** In place of a user's name it says that the password is an identity token. */
const TOKEN = "<token>"

const Login = ({ onDone }: { readonly onDone: () => Promise<void> }) => {
  const act = useAct()
  const [kept, keep] = useState<string>()
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget
    const { host = "", username = "", password = "" } = saidIn(form)
    const done = await act.run(() => keyhole.setCredential(host.trim(), { username: username.trim(), password }))
    if (!done || !(form instanceof HTMLFormElement)) return
    form.reset()
    keep(host.trim())
    await onDone()
  }
  return (
    <form onSubmit={(event) => void submit(event)} onInput={() => keep(undefined)}>
      <Field
        label="Registry"
        name="host"
        required
        autocomplete="off"
        placeholder="ghcr.io"
        hint="The host as it stands at the beginning of an image's name, with the port if there is one."
        wrong={act.wrong("host")}
      />
      <Field
        label="User name"
        name="username"
        required
        autocomplete="off"
        hint={`For an identity token: ${TOKEN}`}
        wrong={act.wrong("username")}
      />
      <Field
        label="Password or token"
        name="password"
        type="password"
        required
        autocomplete="off"
        wrong={act.wrong("password")}
      />
      <Failure failed={act.failed} />
      <button type="submit" disabled={act.busy}>
        Keep login
      </button>
      <p class="small" role="status">
        {kept === undefined ? "" : `The login to ${kept} is kept.`}
      </p>
    </form>
  )
}

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
      <Failure failed={failed} />
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
