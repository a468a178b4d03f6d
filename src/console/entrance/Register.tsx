import { keyhole } from "../keyhole.ts"
import { Field } from "../parts/Field.tsx"
import { Form } from "../parts/Form.tsx"
import type { Said } from "../parts/said.ts"
import { place, to } from "../place.ts"
import { Email } from "./Email.tsx"
import { Entrance } from "./Entrance.tsx"

const register = ({ email = "", password = "", name = "" }: Said) =>
  keyhole.register({ email, password, ...(name.trim() !== "" && { name: name.trim() }) })

export const Register = () => (
  <Entrance title="Make an account">
    <Form send={register} button="Register" doing="Making it …" look="wide">
      <Email />
      <Field label="Name (optional)" name="name" autocomplete="name" />
      <Field
        label="Password"
        name="password"
        type="password"
        autocomplete="new-password"
        required
        hint="At least 15 characters. A sentence is a good password."
      />
    </Form>
    <p class="aside">
      You have one already? <a href={to("/sign-in", { back: place.value.query["back"] })}>Sign in</a>
    </p>
  </Entrance>
)
