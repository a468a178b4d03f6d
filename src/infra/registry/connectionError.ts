import { RegistryUnreachable } from "../../domain/registry/RegistryError.ts"
import { ConnectionLost } from "./Exchange.ts"

// What may go differently the next time; everything else (refused, no such host, a bad certificate) would not.
const PASSING = new Set(["ECONNRESET", "ECONNABORTED", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE", "HPE_INVALID_EOF_STATE"])

const REASONS: ReadonlyArray<readonly [code: RegExp, reason: string]> = [
  [/^ECONNREFUSED$/u, "the connection was refused"],
  [/^E(?:HOST|NET)UNREACH$/u, "there is no route to it"],
  [/^HPE_HEADER_OVERFLOW$/u, "its answer's header is too big"],
  [/^HPE_/u, "its answer is not HTTP"],
  [/^EPROTO$|WRONG_VERSION/u, "it does not speak TLS; for plain HTTP, KEYHOLE_REGISTRY_INSECURE has to list it"],
  [/CERT|TLS|SSL/u, "its certificate or TLS was not accepted"]
]

/** Nothing of the error itself is kept: its message may quote what was sent or received. */
export const connectionError = (url: URL, error: Error): ConnectionLost | RegistryUnreachable => {
  const code = "code" in error && typeof error.code === "string" ? error.code : ""
  if (PASSING.has(code)) return new ConnectionLost({ host: url.host, reason: "the connection was lost" })
  const reason = REASONS.find(([pattern]) => pattern.test(code))?.[1] ?? "the connection failed"
  return new RegistryUnreachable({ host: url.host, reason })
}
