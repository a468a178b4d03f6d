import { useState } from "preact/hooks"
import { keyhole, session } from "../keyhole.ts"
import { saidIn, useAct } from "../parts/act.ts"
import { Confirm } from "../parts/Confirm.tsx"
import { EventList } from "../parts/EventList.tsx"
import { Failure } from "../parts/Failure.tsx"
import { Field } from "../parts/Field.tsx"
import { Title } from "../parts/Title.tsx"

const Name = ({ name }: { readonly name: string | null }) => {
  const act = useAct()
  const [saved, save] = useState(false)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const said = saidIn(event.currentTarget)["name"]?.trim() ?? ""
    save(await act.run(() => keyhole.rename(said === "" ? null : said)))
  }
  return (
    <form class="inline" onSubmit={(event) => void submit(event)} onInput={() => save(false)}>
      <Field label="Name" name="name" autocomplete="name" value={name ?? ""} wrong={act.wrong("name")} />
      <button type="submit" class="plain" disabled={act.busy}>
        Save
      </button>
      <p class="small" role="status">
        {saved ? "Saved" : ""}
      </p>
    </form>
  )
}

const Password = ({ email }: { readonly email: string }) => {
  const act = useAct()
  const [changed, change] = useState(false)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    const form = event.currentTarget
    const { current = "", next = "" } = saidIn(form)
    const done = await act.run(() => keyhole.changePassword(current, next))
    if (done && form instanceof HTMLFormElement) form.reset()
    change(done)
  }
  return (
    <form onSubmit={(event) => void submit(event)} onInput={() => change(false)}>
      <input type="text" hidden autocomplete="username" value={email} readOnly />
      <Field label="Current password" name="current" type="password" autocomplete="current-password" required />
      <Field
        label="New password"
        name="next"
        type="password"
        autocomplete="new-password"
        required
        hint="At least 15 characters."
        wrong={act.wrong("new_password")}
      />
      <Failure failed={act.failed} />
      <button type="submit" class="plain" disabled={act.busy}>
        Change password
      </button>
      <p class="small" role="status">
        {changed ? "Changed. Every other session has ended." : ""}
      </p>
    </form>
  )
}

export const Account = () => {
  const [deleting, askToDelete] = useState(false)
  if (session.value.status !== "signed-in") return null
  const { user } = session.value
  return (
    <>
      <Title>Account</Title>
      <p class="lead">
        {user.email} · {user.roles.join(", ")}
      </p>
      <section class="card">
        <h2>Profile</h2>
        <Name name={user.name} />
      </section>
      <section class="card">
        <h2>Password</h2>
        <Password email={user.email} />
      </section>
      <section class="card">
        <h2>What happened</h2>
        <EventList page={(before) => keyhole.myEvents({ limit: 20, ...before })} />
      </section>
      <section class="card">
        <h2>Delete the account</h2>
        <p>Everything that is yours goes, and every session ends. This cannot be undone.</p>
        <button type="button" class="danger" onClick={() => askToDelete(true)}>
          Delete account
        </button>
      </section>
      {deleting && (
        <Confirm
          title="Delete the account?"
          yes="Delete it"
          act={({ password = "" }) => keyhole.deleteAccount(password)}
          onClose={() => askToDelete(false)}
        >
          <p>This cannot be undone.</p>
          <Field label="Your password" name="password" type="password" autocomplete="current-password" required />
        </Confirm>
      )}
    </>
  )
}
