import { Result, Schema, SchemaIssue } from "effect"
import { RoleName } from "../domain/access/Role.ts"
import { Email } from "../domain/identity/Email.ts"
import type { Fault, Immigrant } from "../domain/identity/importUsers.ts"
import { PasswordHash } from "../domain/identity/PasswordHasher.ts"
import { DisplayName } from "../domain/identity/User.ts"

/** One line of the file: JSON, in the names that the API has. */
const Line = Schema.fromJsonString(
  Schema.Struct({
    email: Email,
    password_hash: Schema.RedactedFromValue(Schema.String).pipe(Schema.brand("PasswordHash")),
    name: Schema.optionalKey(Schema.NullOr(DisplayName)),
    roles: Schema.optionalKey(Schema.Array(RoleName))
  })
)

const decode = Schema.decodeUnknownResult(Line, { onExcessProperty: "error", errors: "all" })
const explain = SchemaIssue.makeFormatterStandardSchemaV1()

const reasonsOf = ({ issue }: Schema.SchemaError): ReadonlyArray<string> =>
  explain(issue).issues.map(({ path = [], message }) =>
    path.length === 0 ? "it is not a JSON object" : `${path.map(String).join(".")}: ${message}`
  )

/** What the lines say, or what is wrong with them; blank ones say nothing. */
export const readImmigrants = (text: string): Result.Result<ReadonlyArray<Immigrant>, ReadonlyArray<Fault>> => {
  const immigrants: Array<Immigrant> = []
  const faults: Array<Fault> = []
  for (const [index, content] of text.split(/\r?\n/u).entries()) {
    if (content.trim() === "") continue
    const line = index + 1
    const decoded = decode(content)
    if (Result.isFailure(decoded)) faults.push(...reasonsOf(decoded.failure).map((reason) => ({ line, reason })))
    else {
      const { email, password_hash, name = null, roles } = decoded.success
      immigrants.push({ line, email, passwordHash: PasswordHash.make(password_hash), name, roles })
    }
  }
  return faults.length > 0 ? Result.fail(faults) : Result.succeed(immigrants)
}
