import { fc, test } from "@fast-check/vitest"
import { DateTime, Predicate, Result } from "effect"
import { assert, describe } from "vitest"
import { createdBy, parseImageConfig } from "../../../src/domain/registry/ImageConfig.ts"
import { formatPlatform } from "../../../src/domain/registry/Platform.ts"

const parse = (json: unknown) => parseImageConfig(new TextEncoder().encode(JSON.stringify(json)))
const read = (json: unknown) => Result.getOrThrow(parse(json))

const step = fc.record({ created_by: fc.string(), empty_layer: fc.option(fc.boolean(), { nil: undefined }) })

const FULL = {
  os: "linux",
  architecture: "arm",
  variant: "v6",
  created: "2026-11-21T10:00:00.123456789+01:00",
  config: {
    Entrypoint: ["/bin/sh"],
    Cmd: ["-c", "true"],
    Env: ["PATH=/bin"],
    User: "1000:1000",
    WorkingDir: "/srv",
    Labels: { a: "b" },
    ExposedPorts: { "80/tcp": {} }
  },
  history: [{ created: "2026-11-21T10:00:00Z", created_by: "COPY", empty_layer: false }]
}
const PATHS = [
  ...Object.keys(FULL).map((key) => [key]),
  ...Object.keys(FULL.config).map((key) => ["config", key]),
  ...Object.keys(FULL.history[0] ?? {}).map((key) => ["history", "0", key])
]

/** The configuration with what is at a path replaced, or gone. */
const without = (path: ReadonlyArray<string>, replacement: null | undefined): unknown => {
  const change = (value: unknown, [key, ...rest]: ReadonlyArray<string>): unknown => {
    if (key === undefined) return replacement
    if (Array.isArray(value)) return value.map((item: unknown, at) => (key === `${at}` ? change(item, rest) : item))
    return Predicate.isObject(value) ? { ...value, [key]: change(Reflect.get(value, key), rest) } : value
  }
  return change(FULL, path)
}

describe("an image's configuration", () => {
  test("is read whole", () => {
    const config = read(FULL)
    assert.strictEqual(formatPlatform(config.platform), "linux/arm/v6")
    assert.strictEqual(config.created && DateTime.formatIso(config.created), "2026-11-21T09:00:00.123Z")
    assert.deepStrictEqual(config.entrypoint, ["/bin/sh"])
    assert.deepStrictEqual(config.cmd, ["-c", "true"])
    assert.deepStrictEqual(config.env, ["PATH=/bin"])
    assert.deepStrictEqual([config.user, config.workingDir], ["1000:1000", "/srv"])
    assert.deepStrictEqual(config.labels, { a: "b" })
    assert.deepStrictEqual(config.exposedPorts, ["80/tcp"])
    assert.deepStrictEqual(
      config.buildSteps.map(({ created, ...rest }) => ({ ...rest, created: created && DateTime.formatIso(created) })),
      [{ createdBy: "COPY", created: "2026-11-21T10:00:00.000Z", emptyLayer: false, layerIndex: 0 }]
    )
    assert.strictEqual(createdBy(config, 0), "COPY")
    assert.isUndefined(createdBy(config, 1))
  })

  test.prop([fc.constantFrom(...PATHS)])("may have null or nothing anywhere, and the two mean the same", (path) => {
    assert.deepStrictEqual(read(without(path, null)), read(without(path, undefined)))
  })

  test("that says nothing is of Linux on amd64, and has nothing in it", () => {
    for (const nothing of [{}, { os: "", architecture: "", config: {} }, { config: null, history: null }]) {
      const { platform, ...rest } = read(nothing)
      assert.strictEqual(formatPlatform(platform), "linux/amd64")
      const lists = { entrypoint: [], cmd: [], env: [], exposedPorts: [], buildSteps: [] }
      assert.deepStrictEqual(rest, { ...lists, user: "", workingDir: "", labels: {} })
    }
    assert.deepStrictEqual(read({ history: [{}] }).buildSteps, [{ createdBy: "", emptyLayer: false, layerIndex: 0 }])
  })

  test.prop([fc.array(step)])("numbers the build steps that made layers, and only those", (history) => {
    const { buildSteps } = read({ history })
    const layers = buildSteps.flatMap((one) => one.layerIndex ?? [])
    assert.deepStrictEqual(layers, [...layers.keys()])
    assert.deepStrictEqual(
      buildSteps.map((one) => one.emptyLayer),
      history.map((one) => one.empty_layer === true)
    )
    assert.isTrue(buildSteps.every((one) => one.emptyLayer === (one.layerIndex === undefined)))
  })

  test.prop([fc.json()])("of any JSON is read or refused", (json) => {
    const result = parseImageConfig(new TextEncoder().encode(json))
    assert.isTrue(Result.isSuccess(result) || result.failure._tag === "ManifestInvalid")
  })

  test("may have a label without a value", () =>
    assert.deepStrictEqual(read({ config: { Labels: { a: null } } }).labels, { a: "" }))

  test.each([
    ["history", (most: number) => ({ history: Array.from({ length: most }, () => ({})) })],
    ["environment", (most: number) => ({ config: { Env: Array.from({ length: most }, () => "A=B") } })],
    [
      "labels",
      (most: number) => ({ config: { Labels: Object.fromEntries(Array.from({ length: most }, (_, at) => [at, ""])) } })
    ],
    [
      "configuration",
      (most: number) => ({ config: Object.fromEntries(Array.from({ length: most }, (_, at) => [`${at}`, 1])) })
    ],
    [
      "ports",
      (most: number) => ({
        config: { ExposedPorts: Object.fromEntries(Array.from({ length: most }, (_, at) => [`${at}/tcp`, {}])) }
      })
    ]
  ])("is refused when its %s is endless", (_, config) => {
    assert.isTrue(Result.isSuccess(parse(config(10_000))))
    const refused = Result.getOrThrow(Result.flip(parse(config(10_001))))
    assert.strictEqual(refused.reason, "the image's configuration: it lists more than 10000 entries")
  })

  test.each([
    ["[", "the image's configuration: it is not JSON in UTF-8"],
    ["[]", "the image's configuration: "],
    ['{"os":1}', "the image's configuration: "],
    ['{"config":{"Env":1}}', "the image's configuration: "],
    ['{"history":[{"created_by":1}]}', "the image's configuration: "],
    [`{"history":"${"x".repeat(1000)}"}`, "the image's configuration: "]
  ])("that is none is refused with a reason that is not endless: %s", (json, reason) => {
    const refused = Result.getOrThrow(Result.flip(parseImageConfig(new TextEncoder().encode(json))))
    assert.strictEqual(refused.reason.slice(0, reason.length), reason)
    assert.isAtMost(refused.reason.length, 500)
  })

  test("leaves out a date that is none", () => assert.isUndefined(read({ created: "yesterday" }).created))
})
