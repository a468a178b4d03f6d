import { signal } from "@preact/signals"
import { connect, type State } from "../client/client.ts"

/** The service this page came from. */
export const keyhole = connect({ mode: "cookie", shelf: localStorage })

/** Who is signed in, in whatever tab they did it. */
export const session = signal<State>(keyhole.state)
keyhole.subscribe((state) => {
  session.value = state
})
