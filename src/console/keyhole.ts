import { signal } from "@preact/signals"
import { connect, type Grant, type State } from "../client/client.ts"

/** The service this page came from. */
export const keyhole = connect({ mode: "cookie", shelf: localStorage })

/** Who is signed in, in whatever tab they did it. */
export const session = signal<State>(keyhole.state)
keyhole.subscribe((state) => {
  session.value = state
})

/** Whether the person may do this, as far as the page knows; the service asks again. */
export const may = (permission: Grant): boolean => {
  const { value } = session
  if (value.status !== "signed-in") return false
  return value.user.permissions.includes("*") || value.user.permissions.includes(permission)
}
