import { Effect, Schema } from "effect"
import { HttpApiEndpoint } from "effect/http-api"
import { describe, expect, it } from "vitest"
import { Forbidden } from "../../../src/domain/access/authorize.ts"
import { EmailTaken } from "../../../src/domain/identity/UserRepository.ts"
import { WeakPassword } from "../../../src/domain/identity/Password.ts"
import { LayerCorrupt, LayerLimitExceeded } from "../../../src/domain/image/LayerError.ts"
import {
  RegistryNotAllowed,
  RegistryRateLimited,
  RegistrySessionClosed,
  RegistryTimeout
} from "../../../src/domain/registry/RegistryError.ts"
import type { ServiceError } from "../../../src/domain/ServiceResult.ts"
import { StorageUnavailable } from "../../../src/domain/storage/StorageUnavailable.ts"
import { RefreshReused, TokenInvalid, TokenMissing } from "../../../src/domain/token/TokenError.ts"
import { documented } from "../../../src/infra/config/settings.ts"
import { problems } from "../../../src/http/api/problem/schemas.ts"
import { toDocument } from "../../../src/http/problem/Problem.ts"
import { fromServiceError } from "../../../src/http/problem/table.ts"
import { route } from "../../../src/http/route.ts"

const CANARY = "canary"

const examples: ReadonlyArray<readonly [ServiceError, number, string, object]> = [
  [new EmailTaken(), 409, "email-taken", {}],
  [new WeakPassword({ rule: "common" }), 422, "weak-password", {}],
  [new Forbidden({ permission: "role:write" }), 403, "forbidden", { permission: "role:write" }],
  [new TokenMissing(), 401, "token-missing", {}],
  [new TokenInvalid({ reason: CANARY }), 401, "token-invalid", { detail: "Invalid token" }],
  [new RefreshReused(), 401, "refresh-reused", {}],
  [new StorageUnavailable({ store: "database", cause: CANARY }), 503, "storage-unavailable", {}],
  [
    new RegistryNotAllowed({ host: "10.0.0.1", hop: "redirect", reason: "private address" }),
    422,
    "registry-not-allowed",
    { host: "10.0.0.1", hop: "redirect" }
  ],
  [
    new LayerLimitExceeded({ limit: "entries", of: "layer", value: 5 }),
    422,
    "layer-limit-exceeded",
    { limit: "entries", value: 5 }
  ],
  [new LayerCorrupt({ reason: "checksum" }), 502, "layer-corrupt", {}],
  [new RegistryTimeout({ host: "registry.example" }), 504, "registry-timeout", {}],
  [new RegistrySessionClosed({ repository: CANARY }), 500, "internal-error", {}]
]

describe("the table of problems", () => {
  it.each(examples)("answers %s with %i %s, as its schema declares", (error, status, code, members) => {
    const problem = fromServiceError(error)
    const document = toDocument(problem, "id")
    expect(document).toMatchObject({ status, code, type: `/problems/${code}`, instance: "id", ...members })
    const [schema] = problems(problem.code)
    if (schema === undefined) throw new Error(`${code} is declared with no status`)
    expect(Schema.decodeUnknownResult(schema)(document, { onExcessProperty: "error" })._tag).toBe("Success")
    expect(JSON.stringify(document)).not.toContain(CANARY)
  })

  it("waits as long as the registry says, a minute when it says nothing, and at least a second", () => {
    const wait = (retryAfter?: number) =>
      fromServiceError(
        new RegistryRateLimited({ host: "registry.example", ...(retryAfter === undefined ? {} : { retryAfter }) })
      ).headers["Retry-After"]
    expect([wait(7.2), wait(), wait(0)]).toEqual(["8", "60", "1"])
  })

  it.each([
    ["layer", "bytes", "KEYHOLE_LAYER_MAX_BYTES"],
    ["layer", "entries", "KEYHOLE_LAYER_MAX_ENTRIES"],
    ["layer", "time", "KEYHOLE_LAYER_TIMEOUT"],
    ["image", "bytes", "KEYHOLE_IMAGE_MAX_BYTES"],
    ["image", "entries", "KEYHOLE_IMAGE_MAX_ENTRIES"]
  ] as const)("says of the limit of an %s's %s that %s moves it", (of, limit, setting) => {
    expect(documented.map(({ name }) => name)).toContain(setting)
    const { detail } = fromServiceError(new LayerLimitExceeded({ limit, of, value: 5 }))
    expect(detail).toMatch(new RegExp(String.raw`^The ${of} exceeds the limit of 5 \w+ \(${setting}\)$`, "u"))
  })

  it.each(["layer", "image"] as const)("names no setting where none moves the limit of an %s's names", (of) => {
    expect(fromServiceError(new LayerLimitExceeded({ limit: "names", of, value: 5 })).detail).not.toContain("KEYHOLE")
  })

  it("challenges a caller who lacks a permission for it (RFC 6750 §3.1)", () => {
    expect(fromServiceError(new Forbidden({ permission: "user:read" })).headers).toEqual({
      "WWW-Authenticate": 'Bearer realm="keyhole", error="insufficient_scope", scope="user:read"'
    })
  })
})

describe("a route", () => {
  const endpoint = HttpApiEndpoint.get("x", "/x", { success: Schema.Void, error: problems("email-taken") })

  it("may fail with what its endpoint declares, and with nothing else", () => {
    route(endpoint, () => Effect.fail(new EmailTaken()))
    // @ts-expect-error token-missing is not declared
    route(endpoint, () => Effect.fail(new TokenMissing()))
  })

  it("has a caller only when its endpoint needs one", () => {
    // @ts-expect-error there is no caller
    route(endpoint, ({ caller }) => Effect.succeed(caller))
    expect(endpoint.middlewares.size).toBe(0)
  })
})
