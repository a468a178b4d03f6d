import { Context, Result } from "effect"
import { HttpApi, OpenApi } from "effect/http-api"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Api } from "../../src/http/api/Api.ts"
import { NeedsPermission } from "../../src/http/api/Caller.ts"
import { decoders } from "../../src/http/decode.ts"
import { allRoutes } from "../../src/http/routes/all.ts"
import { type Http, startHttp } from "../support/http.ts"

interface Parameter {
  readonly name: string
  readonly in: string
  readonly description?: string
  readonly schema: { readonly description?: string }
}

interface Operation {
  readonly operationId: string
  readonly description?: string
  readonly parameters: ReadonlyArray<Parameter>
  readonly requestBody?: { readonly content: Readonly<Record<string, { example: object }>>; readonly required: boolean }
  readonly security: ReadonlyArray<Readonly<Record<string, unknown>>>
  readonly responses: Readonly<
    Record<
      string,
      { readonly description: string; readonly content?: Readonly<Record<string, object>>; readonly headers?: object }
    >
  >
}

interface Document {
  readonly openapi: string
  readonly info: Readonly<Record<string, unknown>>
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: object; readonly securitySchemes: Readonly<Record<string, object>> }
}

let http: Http
let document: Document
beforeAll(async () => {
  http = await startHttp()
  document = (await http.get("/openapi.json")).body
})
afterAll(() => http.stop())

const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation }))
  )

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

const everyValue = (value: unknown): ReadonlyArray<unknown> =>
  isObject(value) ? [value, ...Object.values(value).flatMap(everyValue)] : [value]

/** The codes of problems that an operation's answer with this status may have. */
const codesOf = ({ responses }: Operation): ReadonlyArray<string> => {
  const text = JSON.stringify(responses)
  return [...text.matchAll(/Problem\.([a-z-]+)\.\d+/gu)].map(([, code]) => code ?? "").toSorted()
}

describe("/openapi.json", () => {
  it("is OpenAPI 3.1 with a title and a version", () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/u)
    expect(document.info).toMatchObject({ title: "Keyhole", version: expect.any(String) })
  })

  it("has no reference that leads nowhere", () => {
    const references = everyValue(document)
      .filter(isObject)
      .flatMap(({ $ref }) => (typeof $ref === "string" ? [$ref] : []))
    expect(references.length).toBeGreaterThan(50)
    for (const reference of references) {
      expect(reference).toMatch(/^#\//u)
      const target = reference
        .slice(2)
        .split("/")
        .reduce<unknown>(
          (place, name) => (isObject(place) ? place[name.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined),
          document
        )
      expect(target, reference).toBeTypeOf("object")
    }
  })

  it("names every operation once, describes every answer, and declares every parameter of a path", () => {
    const ids = operations().map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { path, operation } of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name)
      expect(operation.parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name)).toEqual(
        inPath
      )
      for (const answer of Object.values(operation.responses)) expect(answer.description).not.toBe("")
      for (const scheme of operation.security.flatMap(Object.keys)) {
        expect(document.components.securitySchemes).toHaveProperty([scheme])
      }
    }
  })

  it.each([
    [
      "post",
      "/auth/register",
      "201",
      ["email-taken", "invalid-request", "overloaded", "storage-unavailable", "weak-password"]
    ],
    ["post", "/auth/login", "200", ["invalid-credentials", "invalid-request", "overloaded", "storage-unavailable"]],
    [
      "post",
      "/auth/refresh",
      "200",
      ["invalid-request", "refresh-reused", "token-expired", "token-invalid", "token-revoked"]
    ],
    ["post", "/auth/logout", "200", ["invalid-request"]],
    ["get", "/users/me", "200", ["token-expired", "token-invalid", "token-missing", "token-revoked"]],
    ["patch", "/users/me", "200", ["invalid-request", "token-missing"]],
    ["put", "/users/me/password", "204", ["invalid-request", "overloaded", "weak-password", "wrong-password"]],
    ["post", "/users/me/delete", "204", ["invalid-request", "last-administrator", "wrong-password"]],
    ["get", "/users/me/events", "200", ["invalid-request", "token-missing"]],
    ["post", "/auth/logout-all", "200", ["token-missing"]],
    ["get", "/users", "200", ["forbidden", "invalid-request"]],
    ["get", "/users/{id}", "200", ["forbidden", "not-found"]],
    ["patch", "/users/{id}", "200", ["forbidden", "invalid-request", "last-administrator", "not-found"]],
    ["put", "/users/{id}/roles", "200", ["forbidden", "invalid-request", "last-administrator", "not-found"]],
    ["delete", "/users/{id}", "204", ["forbidden", "last-administrator", "not-found"]],
    ["delete", "/users/{id}/sessions", "204", ["forbidden", "not-found"]],
    ["get", "/roles", "200", ["forbidden"]],
    ["put", "/roles/{name}", "201", ["built-in-role", "forbidden", "invalid-request", "last-administrator"]],
    ["delete", "/roles/{name}", "204", ["built-in-role", "forbidden", "not-found", "role-in-use"]],
    ["get", "/events", "200", ["forbidden", "invalid-request"]],
    ["get", "/sessions", "200", ["token-missing"]],
    ["delete", "/sessions/{id}", "204", ["not-found", "token-missing"]],
    ["get", "/.well-known/jwks.json", "200", ["storage-unavailable"]],
    ["get", "/images/tags", "200", ["forbidden", "image-not-found", "image-reference-invalid", "registry-not-allowed"]],
    [
      "get",
      "/images/manifest",
      "200",
      ["manifest-invalid", "manifest-unsupported", "platform-not-found", "registry-denied"]
    ],
    ["get", "/images/files", "200", ["layer-corrupt", "layer-limit-exceeded", "layer-not-found", "layer-unsupported"]],
    [
      "get",
      "/images/file",
      "200",
      ["file-deleted", "file-not-found", "link-dangling", "not-a-file", "registry-timeout"]
    ],
    ["get", "/images/layer", "200", ["forbidden", "layer-corrupt", "layer-limit-exceeded", "layer-not-found"]],
    ["get", "/registries", "200", ["forbidden", "token-missing"]],
    ["put", "/registries/{host}/credentials", "204", ["forbidden", "invalid-request", "token-missing"]],
    ["delete", "/registries/{host}/credentials", "204", ["forbidden", "invalid-request", "not-found"]],
    ["get", "/livez", "200", []],
    ["get", "/readyz", "503", []],
    ["get", "/openapi.json", "200", []],
    ["get", "/docs", "200", []],
    ["get", "/problems/{code}", "200", ["not-found"]]
  ])("has %s %s with %s and its problems", (method, path, status, codes) => {
    const operation = document.paths[path]?.[method]
    expect(operation?.responses).toHaveProperty(status)
    expect(operation === undefined ? [] : codesOf(operation)).toEqual(expect.arrayContaining(codes))
  })

  it("sends problems as application/problem+json, below /oauth as OAuth does, each with its code and nothing else that is unknown", () => {
    for (const { path, operation } of operations()) {
      for (const [status, { content }] of Object.entries(operation.responses)) {
        if (Number(status) < 400 || (path === "/readyz" && status === "503")) continue
        const type = path.startsWith("/oauth/") ? "application/json" : "application/problem+json"
        expect(Object.keys(content ?? {}), `${path} ${status}`).toEqual([type])
      }
    }
  })

  it("takes forms where OAuth does, and says which errors it answers with", () => {
    for (const path of ["/oauth/introspect", "/oauth/revoke"]) {
      const operation = document.paths[path]?.["post"]
      expect(Object.keys(operation?.requestBody?.content ?? {})).toEqual(["application/x-www-form-urlencoded"])
      expect(Object.keys(operation?.responses ?? {})).toEqual(
        expect.arrayContaining(["200", "400", "413", "415", "503"])
      )
    }
    const told = JSON.stringify(document.components.schemas)
    for (const error of ["invalid_request", "invalid_token", "insufficient_scope", "unsupported_token_type"]) {
      expect(told).toContain(`"${error}"`)
    }
    expect(document.paths["/oauth/introspect"]?.["post"]?.security).toEqual([
      { bearer: ["token:introspect"] },
      { cookie: ["token:introspect"] }
    ])
    expect(document.paths["/oauth/revoke"]?.["post"]?.security).toEqual([])
  })

  it("says that the body of a log-out may be left out", () => {
    expect(document.paths["/auth/logout"]?.["post"]?.requestBody?.required).toBe(false)
    expect(document.paths["/auth/login"]?.["post"]?.requestBody?.required).toBe(true)
  })

  it("says which permission an operation needs", () => {
    const needing = operations().filter(({ operation }) => operation.description?.startsWith("Needs the permission `"))
    expect(needing.length).toBe(
      allRoutes.filter(({ endpoint }) => Context.get(endpoint.annotations, NeedsPermission) !== null).length
    )
    expect(document.paths["/users"]?.["get"]?.description).toBe("Needs the permission `user:read`.")
    expect(document.paths["/users"]?.["get"]?.security).toEqual([{ bearer: ["user:read"] }, { cookie: ["user:read"] }])
  })

  it("says of each parameter of a query what it is for, and of numbers and booleans that they are", () => {
    const queries = operations().flatMap(({ path, operation }) =>
      operation.parameters.flatMap((parameter) => (parameter.in === "query" ? [{ path, ...parameter }] : []))
    )
    for (const { path, name, description, schema } of queries) {
      expect(description ?? schema.description, `${path} ${name}`).toMatch(/\w/u)
    }
    const schemaOf = (path: string, name: string) =>
      queries.find((each) => each.path === path && each.name === name)?.schema
    expect(schemaOf("/users", "limit")).toEqual({ type: "integer", minimum: 1, maximum: 200 })
    expect(schemaOf("/images/files", "partial")).toEqual({ type: "boolean" })
  })

  it("shows of every body one that the service takes", () => {
    const withBody = allRoutes.filter(({ endpoint }) => endpoint.payload.size > 0)
    for (const { endpoint } of withBody) {
      const operation = document.paths[endpoint.path.replaceAll(/:(\w+)/gu, "{$1}")]?.[endpoint.method.toLowerCase()]
      for (const { example } of Object.values(operation?.requestBody?.content ?? {})) {
        const decoded = decoders(endpoint).payload?.decode(example)
        expect(decoded && Result.isSuccess(decoded), `${endpoint.method} ${endpoint.path}`).toBe(true)
      }
    }
    expect(withBody.length).toBe(operations().filter(({ operation }) => operation.requestBody !== undefined).length)
  })

  it("tells of the header fields that come with a status", () => {
    for (const { path, operation } of operations()) {
      for (const [status, header] of [
        ["401", "WWW-Authenticate"],
        ["429", "Retry-After"],
        ["503", "Retry-After"]
      ] as const) {
        const answer = operation.responses[status]
        if (answer !== undefined) expect(answer.headers, `${path} ${status}`).toHaveProperty([header])
      }
    }
  })

  it("asks for a token where one is needed", () => {
    expect(document.paths["/users/me"]?.["get"]?.security).toEqual([{ bearer: [] }, { cookie: [] }])
    expect(document.paths["/auth/login"]?.["post"]?.security).toEqual([])
    expect(document.components.securitySchemes).toEqual({
      bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
      cookie: expect.objectContaining({ type: "apiKey", in: "cookie", name: "__Host-session_id" })
    })
  })
})

describe("the declaration", () => {
  it("is served to the last endpoint, and nothing is served that it does not declare", () => {
    const declared: Array<string> = []
    HttpApi.reflect(Api, {
      onGroup: () => undefined,
      onEndpoint: ({ endpoint }) => {
        declared.push(`${endpoint.method} ${endpoint.path}`)
      }
    })
    expect(allRoutes.map(({ endpoint }) => `${endpoint.method} ${endpoint.path}`).toSorted()).toEqual(
      declared.toSorted()
    )
  })

  it("leaves out of the document only the console and the parts of the page /docs", () => {
    const hidden = allRoutes.filter(({ endpoint }) => Context.get(endpoint.annotations, OpenApi.Exclude))
    expect(hidden.map(({ endpoint }) => endpoint.path).toSorted()).toEqual([
      "/",
      "/console/:name",
      "/docs/reference.js",
      "/docs/start.js"
    ])
  })
})

describe("/docs", () => {
  it("is a page that runs this origin's scripts alone, and none that stand in it", async () => {
    const { status, headers, body } = await http.get("/docs")
    expect(status).toBe(200)
    expect(headers.get("content-security-policy")).toContain("script-src 'self';")
    expect(headers.get("content-security-policy")).not.toMatch(/unsafe-eval|https?:/u)
    expect([...body.matchAll(/<script[^>]*>(.*?)<\/script>/gu)].map(([, inline]) => inline)).toEqual(["", ""])
    for (const [, path] of body.matchAll(/<script src="([^"]+)">/gu)) {
      const script = await http.get(path)
      expect(script.status).toBe(200)
      expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8")
    }
  })

  it("sends its program to a client that takes no gzip as well", async () => {
    const [plain, compressed] = await Promise.all([
      http.get("/docs/reference.js", undefined, { "accept-encoding": "identity" }),
      http.get("/docs/reference.js", undefined, { "accept-encoding": "gzip" })
    ])
    expect(plain.headers.get("content-encoding")).toBeNull()
    expect(compressed.headers.get("content-encoding")).toBe("gzip")
    expect(plain.body).toBe(compressed.body)
    expect(plain.body).toContain("createApiReference")
  })
})
