import { Context, Schema } from "effect"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import { catalogue, type ProblemCode } from "./problem/catalogue.ts"

/** What OAuth calls a problem (RFC 6749 §5.2 and §4.1.2.1, RFC 6750 §3.1), where it has a name for it. */
export const oauthNames = {
  "invalid-request": "invalid_request",
  "method-not-allowed": "invalid_request",
  "token-missing": "invalid_client",
  "token-invalid": "invalid_token",
  "token-expired": "invalid_token",
  "token-revoked": "invalid_token",
  csrf: "access_denied",
  forbidden: "insufficient_scope",
  "storage-unavailable": "temporarily_unavailable",
  "internal-error": "server_error"
} as const satisfies Partial<Record<ProblemCode, string>>

type Names = typeof oauthNames
type Named = keyof Names

/** The problems that OAuth calls by this name. */
export type CodeNamed<Name> = { [Code in Named]: Names[Code] extends Name ? Code : never }[Named]

/** What was well-formed and is not acceptable has no status of its own in OAuth (RFC 6749 §5.2). */
export const oauthStatus = (status: number): number => (status === 422 ? 400 : status)

/** An error as the endpoints below `/oauth` send it. */
interface OAuthErrorDocument<Name extends string> {
  readonly error: Name
  readonly error_description: string
}

/** The schema of OAuth errors with one status. */
export const oauthErrorWith = <const Name extends string>(status: number, names: ReadonlyArray<Name>) =>
  Schema.Struct({ error: Schema.Literals(names), error_description: Schema.String })
    .annotate({ identifier: `OAuthError.${names.join(".")}.${status}` })
    .pipe(HttpApiSchema.status(status))

/** The problems an endpoint may answer with, for its declaration, as OAuth sends them. */
export const oauthErrors = <const Codes extends ReadonlyArray<Named>>(
  ...codes: Codes
): ReadonlyArray<Schema.Codec<OAuthErrorDocument<Names[Codes[number]]>>> => {
  const told = codes.flatMap((code: Codes[number]) =>
    catalogue[code].statuses.map((status) => ({ status: oauthStatus(status), name: oauthNames[code] }))
  )
  return [...Map.groupBy(told, ({ status }) => status)].map(
    ([status, all]) =>
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each status has some of the names, which only a type can say
      oauthErrorWith(status, [...new Set(all.map(({ name }) => name))]) as unknown as Schema.Codec<
        OAuthErrorDocument<Names[Codes[number]]>
      >
  )
}

/** Marks an endpoint whose errors are OAuth's and no problem details. */
export const SpeaksOAuth = Context.Reference<boolean>("keyhole/http/api/SpeaksOAuth", { defaultValue: () => false })
