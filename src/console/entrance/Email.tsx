import { Field } from "../parts/Field.tsx"

/** Who somebody is, or will be. */
export const Email = () => <Field label="Email" name="email" type="email" autocomplete="username" required autofocus />
