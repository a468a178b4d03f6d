import type { ServerResponse } from "node:http"
import { assert, describe, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { type FakeRegistry, fakeRegistry } from "../../support/registry/fake.ts"
import { image } from "../../support/registry/layout.ts"
import { client, open, openSession } from "../../support/registry/session.ts"

const tags = (
  registry: FakeRegistry,
  page: { readonly limit?: number; readonly last?: string } = {},
  ...others: ReadonlyArray<string>
) =>
  Effect.flatMap(openSession(`${registry.host}/team/app`), (session) => session.tags(page)).pipe(
    Effect.provide(client(open(registry.host, ...others)))
  )

const ALL = ["a", "b", "c", "d", "e", "f", "g"]

/** Pages as the specification has it, never more than `most` at a time. */
const paging = (registry: FakeRegistry, most: number) =>
  registry.on("tags", ({ url }, response) => {
    const after = ALL.indexOf(url.searchParams.get("last") ?? "") + 1
    const page = ALL.slice(after, after + Math.min(most, Number(url.searchParams.get("n") ?? most)))
    if (page.at(-1) !== ALL.at(-1)) {
      const next = `/v2/team/app/tags/list?last=${page.at(-1)}&n=${most}`
      response.setHeader("Link", `<${next}>; rel="next"`)
    }
    response.end(JSON.stringify({ name: "team/app", tags: page }))
  })

describe("tags", () => {
  it.live("are gathered along the registry's links, until there are as many as were asked for", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      paging(registry, 2)
      assert.deepStrictEqual(yield* tags(registry), { tags: ALL })
      assert.deepStrictEqual(yield* tags(registry, { limit: 3 }), { tags: ["a", "b", "c"], next: "c" })
      assert.deepStrictEqual(yield* tags(registry, { limit: 3, last: "c" }), { tags: ["d", "e", "f"], next: "f" })
      assert.deepStrictEqual(yield* tags(registry, { limit: 3, last: "f" }), { tags: ["g"] })
      assert.strictEqual(registry.requests.at(-1)?.url.search, "?n=3&last=f")
    })
  )

  it.live("are cut into pages here where a registry knows nothing of them", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.on("tags", (_request, response) => response.end(JSON.stringify({ tags: ALL })))
      assert.deepStrictEqual(yield* tags(registry, { limit: 5 }), { tags: ALL.slice(0, 5), next: "e" })
      assert.deepStrictEqual(yield* tags(registry, { limit: 5, last: "e" }), { tags: ["f", "g"] })
    })
  )

  it.live("of a repository that is not there, or in a list that is none, are an error", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.on("tags", (_request, response) => response.writeHead(404).end(), 1)
      assert.strictEqual((yield* Effect.flip(tags(registry)))._tag, "ImageNotFound")
      for (const body of ["", "[]", '{"tags":"a"}', '{"tags":[1]}', " ".repeat(4 * 1024 * 1024 + 1)]) {
        registry.on("tags", (_request, response) => response.end(body), 1)
        assert.strictEqual((yield* Effect.flip(tags(registry)))._tag, "RegistryUnreachable", body.slice(0, 20))
      }
    })
  )

  it.live("are asked for again where a registry cannot just now, and not waited for where they trickle", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.put("team/app", image([]))
      registry.on("tags", (_request, response) => response.destroy(), 1)
      registry.on("tags", (_request, response) => response.writeHead(503, { "Retry-After": "0" }).end(), 1)
      assert.deepStrictEqual(yield* tags(registry), { tags: ["latest"] })
      registry.on("tags", (_request, response) => {
        const timer = setInterval(() => response.write(" "), 5)
        response.on("close", () => clearInterval(timer))
      })
      const impatient = Effect.flatMap(openSession(`${registry.host}/team/app`), (session) => session.tags({})).pipe(
        Effect.provide(client({ ...open(registry.host), documentTimeout: Duration.millis(100) }))
      )
      assert.strictEqual((yield* Effect.flip(impatient))._tag, "RegistryTimeout")
    })
  )

  it.live("are listed without what is no tag: nobody could ask for it, and it may be as long as the answer", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      const odd = ["x".repeat(129), "", ".hidden", "two words", "line\nbreak", "\u001b[2J", "../up"]
      registry.on("tags", (_request, response) => response.end(JSON.stringify({ tags: ["a", ...odd, "b"] })))
      assert.deepStrictEqual(yield* tags(registry), { tags: ["a", "b"] })
    })
  )

  it.live("are not looked for without end where there are none, whatever else is listed", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      const noTags = JSON.stringify({ tags: Array.from({ length: 60_000 }, () => "-") })
      registry.on("tags", (_request, response) => {
        response.setHeader("Link", '</v2/team/app/tags/list?more>; rel="next"').end(noTags)
      })
      assert.deepStrictEqual(yield* tags(registry), { tags: [] })
      assert.strictEqual(registry.requests.length, 2)
    })
  )

  it.live("may be null", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      registry.on("tags", (_request, response) => response.end('{"name":"team/app","tags":null}'))
      assert.deepStrictEqual(yield* tags(registry), { tags: [] })
    })
  )

  it.live("that link to another host are refused, and a link round in a circle ends", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry()
      const link = (target: string) => (_request: unknown, response: ServerResponse) =>
        void response.setHeader("Link", `<${target}>; rel="next"`).end('{"tags":["a"]}')
      const other = yield* fakeRegistry()
      registry.on("tags", link(`http://${other.host}/v2/team/app/tags/list`), 1)
      assert.strictEqual((yield* Effect.flip(tags(registry, {}, other.host)))._tag, "RegistryNotAllowed")
      assert.deepStrictEqual(other.requests, [])
      registry.on("tags", link("/v2/team/app/tags/list"))
      assert.deepStrictEqual(yield* tags(registry), { tags: ["a"], next: "a" })
      assert.isAtMost(registry.requests.length, 101)
    })
  )

  it.live("that link out of the repository are followed without its token", () =>
    Effect.gen(function* () {
      const registry = yield* fakeRegistry({ auth: "bearer" })
      registry.on("/v2/team/other", (_request, response) => response.end('{"tags":["b"]}'))
      registry.on("tags", (request, response) => {
        if (request.headers.authorization !== undefined) {
          response.setHeader("Link", '</v2/team/other/tags/list>; rel="next"')
        }
        registry.answer(request, response)
      })
      assert.deepStrictEqual(yield* tags(registry), { tags: ["b"] })
      assert.isUndefined(registry.to("/v2/team/other")[0]?.headers.authorization)
    })
  )
})
