import { useSignalEffect } from "@preact/signals"
import type { State } from "../client/client.ts"
import { Register } from "./entrance/Register.tsx"
import { SignIn } from "./entrance/SignIn.tsx"
import { session } from "./keyhole.ts"
import { instead, place, to } from "./place.ts"
import { Frame } from "./shell/Frame.tsx"
import { Page } from "./shell/Page.tsx"

const ENTRANCES: ReadonlySet<string> = new Set(["/sign-in", "/register"])

/** The sign-out after which somebody was led to the entrance. */
let left: State | undefined

/** Leads whoever is not signed in to the entrance, and back to where they wanted to be. */
const lead = (): void => {
  const { path, query } = place.value
  const state = session.value
  const isEntrance = ENTRANCES.has(path)
  if (state.status === "signed-in" && isEntrance) instead(query["back"] ?? "#/images")
  if (state.status !== "signed-out" || isEntrance) return
  // Who signs out has done with the page they were on; the one they ask for after that they want.
  const isDone = state.because === "left" && left !== state
  left = state
  const back = isDone ? undefined : to(path, query)
  instead(to("/sign-in", { back: back === "#/images" ? undefined : back }))
}

export const Console = () => {
  useSignalEffect(lead)
  const { path } = place.value
  switch (session.value.status) {
    case "unknown":
      return <p class="starting">Keyhole</p>
    case "signed-out":
      return path === "/register" ? <Register /> : <SignIn />
    case "signed-in":
      return (
        <Frame user={session.value.user}>
          <Page key={path} path={path} />
        </Frame>
      )
  }
}
