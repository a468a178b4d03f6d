import { useState } from "preact/hooks"
import { keyhole, session } from "../keyhole.ts"
import { Confirm } from "../parts/Confirm.tsx"
import { EventList } from "../parts/EventList.tsx"
import { Field } from "../parts/Field.tsx"
import { Form } from "../parts/Form.tsx"
import { Title } from "../parts/Title.tsx"

/** Tells those who keep passwords whose it is. */
const Whose = ({ email }: { readonly email: string }) => (
  <input type="text" hidden autocomplete="username" value={email} readOnly />
)

const Name = ({ name }: { readonly name: string | null }) => (
  <Form
    shape="inline"
    send={({ name: said = "" }) => keyhole.rename(said.trim() === "" ? null : said.trim())}
    button="Save"
    done="Saved"
  >
    <Field label="Name" name="name" autocomplete="name" value={name ?? ""} />
  </Form>
)

const Password = ({ email }: { readonly email: string }) => (
  <Form
    send={({ current_password = "", new_password = "" }) => keyhole.changePassword(current_password, new_password)}
    button="Change password"
    done="Changed. Every other session has ended."
    clears
  >
    <Whose email={email} />
    <Field label="Current password" name="current_password" type="password" autocomplete="current-password" required />
    <Field
      label="New password"
      name="new_password"
      type="password"
      autocomplete="new-password"
      required
      hint="At least 15 characters."
    />
  </Form>
)

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
          act={({ current_password = "" }) => keyhole.deleteAccount(current_password)}
          onClose={() => askToDelete(false)}
        >
          <p>This cannot be undone.</p>
          <Whose email={user.email} />
          <Field
            label="Your password"
            name="current_password"
            type="password"
            autocomplete="current-password"
            required
          />
        </Confirm>
      )}
    </>
  )
}
