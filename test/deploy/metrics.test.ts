import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Effect, Exit, Redacted, Schema, Scope } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { parse } from "yaml"
import { ada } from "../support/ada.ts"
import { promtool } from "../support/debian/tool.ts"
import { newDatabase } from "../support/postgres/databases.ts"
import { startRedis } from "../support/redis/server.ts"
import { command } from "../support/registry/command.ts"
import { rest } from "../support/rest.ts"
import { startService } from "../support/service.ts"
import { disposableFolder } from "../support/temporaryFolder.ts"
import { pathOf, textOf } from "./files.ts"

const LONG = 120_000

const Rules = Schema.Struct({
  groups: Schema.Array(
    Schema.Struct({
      rules: Schema.Array(
        Schema.Struct({
          alert: Schema.String,
          expr: Schema.String,
          annotations: Schema.Struct({ summary: Schema.String, runbook: Schema.optionalKey(Schema.String) })
        })
      )
    })
  )
})
const Dashboard = Schema.Struct({
  panels: Schema.Array(Schema.Struct({ targets: Schema.Array(Schema.Struct({ expr: Schema.String })) })),
  templating: Schema.Struct({ list: Schema.Array(Schema.Struct({ query: Schema.String })) })
})

const alerts = Schema.decodeUnknownSync(Rules)(parse(textOf("deploy/prometheus/alerts.yaml"))).groups.flatMap(
  ({ rules }) => rules
)
const { panels, templating } = Schema.decodeUnknownSync(Schema.fromJsonString(Dashboard))(
  textOf("deploy/grafana/keyhole.json")
)
const expressions = [
  ...alerts.map(({ expr }) => expr),
  ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ...templating.list.map(({ query }) => query)
]
const named = new Set(expressions.flatMap((text) => text.match(/\b(?:keyhole|process|nodejs)_\w+/gu) ?? []))

describe("the dashboard and the alerts", () => {
  const folder = disposableFolder()
  const scope = Scope.makeUnsafe()
  afterAll(async () => {
    await Effect.runPromise(Scope.close(scope, Exit.void))
    folder[Symbol.dispose]()
  })

  let exposition = ""
  beforeAll(async () => {
    const redis = await startRedis()
    const database = await Effect.runPromise(Scope.provide(newDatabase, scope))
    const service = await startService({
      KEYHOLE_DATA_DIR: folder.path,
      KEYHOLE_SECRET: "a secret of thirty-two bytes or more",
      DATABASE_URL: Redacted.value(database),
      REDIS_URL: redis.url
    })
    const { get, post } = rest(service.url)
    const { body } = await post("/auth/register", ada)
    await post("/auth/login", { ...ada, password: "another one of fifteen" })
    await get("/users/me", body.access_token)
    exposition = String((await get("/metrics")).body)
    await service.end("SIGTERM")
    await redis.kill()
  }, LONG)

  it("name metrics that are exported", () => {
    const families = new Set(
      [...exposition.matchAll(/^# TYPE (\w+) (\w+)$/gmu)].flatMap(([, name = "", type]) =>
        type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name]
      )
    )
    expect(named.size).toBeGreaterThan(15)
    expect([...named].filter((name) => !families.has(name))).toEqual([])
  })

  it("tell what the service depends on, and where it stands in the log of changes", () => {
    expect(exposition).toContain('keyhole_dependency_up{name="database"} 1')
    expect(exposition).toContain('keyhole_dependency_up{name="redis"} 1')
    expect(exposition).toContain("keyhole_change_feed_lost 0")
    expect(exposition).toMatch(/^keyhole_revocations \d+$/mu)
    expect(exposition).toMatch(/^keyhole_store_seconds_count\{store="database"\} [1-9]/mu)
    expect(exposition).toContain('keyhole_store_failures_total{store="redis"} 0')
  })

  it(
    "are understood by Prometheus, which raises each alert when it should and not before",
    async () => {
      const program = await Effect.runPromise(promtool)
      const run = (...args: ReadonlyArray<string>) => Effect.runPromise(command(program, ...args))
      expect(await run("check", "rules", pathOf("deploy/prometheus/alerts.yaml"))).toContain(`${alerts.length} rules`)
      expect(await run("test", "rules", pathOf("deploy/prometheus/alerts.test.yaml"))).toContain("SUCCESS")
    },
    LONG
  )

  it(
    "are asked in words that Prometheus understands",
    async () => {
      const rules = expressions
        .filter((text) => !text.startsWith("label_values(") && text !== "prometheus")
        .map((expr, at) => ({
          record: `panel:${at}`,
          expr: expr.replaceAll("$__rate_interval", "5m").replaceAll("$instance", ".*")
        }))
      const file = join(folder.path, "dashboard.yaml")
      writeFileSync(file, JSON.stringify({ groups: [{ name: "dashboard", rules }] }))
      const check = command(await Effect.runPromise(promtool), "check", "rules", file)
      expect(await Effect.runPromise(check)).toContain(`${rules.length} rules`)
    },
    LONG
  )

  it("say where to read on, at a heading that is there", () => {
    for (const { alert, annotations } of alerts) {
      if (annotations.runbook === undefined) continue
      const [file = "", anchor] = annotations.runbook.split("#")
      expect(existsSync(pathOf(file)), alert).toBe(true)
      const anchors = [...textOf(file).matchAll(/^#+ (.+)$/gmu)].map(([, heading = ""]) =>
        heading
          .toLowerCase()
          .replaceAll(/[^a-z0-9 -]/gu, "")
          .replaceAll(" ", "-")
      )
      expect(anchors, alert).toContain(anchor)
    }
  })
})
