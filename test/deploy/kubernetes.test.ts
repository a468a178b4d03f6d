import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Duration, Effect } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Deployment } from "kubernetes-types/apps/v1.js"
import type { ConfigMap, Secret, Service } from "kubernetes-types/core/v1.js"
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.js"
import { parse, parseAllDocuments } from "yaml"
import { livez, metrics, readyz } from "../../src/http/api/service.ts"
import { DRAINED_WITHIN } from "../../src/http/Server.ts"
import { kubectl } from "../support/debian/tool.ts"
import { command } from "../support/registry/command.ts"
import { image } from "./dockerfile.ts"
import { noSettings, pathOf, settingsOf, textOf } from "./files.ts"

/** Where the type of each kind is declared. */
const TYPES = {
  ConfigMap: "core/v1",
  Deployment: "apps/v1",
  PodDisruptionBudget: "policy/v1",
  Secret: "core/v1",
  Service: "core/v1"
}

interface Kinds {
  readonly ConfigMap: ConfigMap
  readonly Deployment: Deployment
  readonly PodDisruptionBudget: PodDisruptionBudget
  readonly Secret: Secret
  readonly Service: Service
}

const run = (program: string, ...args: ReadonlyArray<string>) => Effect.runPromise(command(program, ...args))

let objects: ReadonlyArray<Kinds[keyof Kinds]>
beforeAll(async () => {
  const rendered = await run(await Effect.runPromise(kubectl), "kustomize", pathOf("deploy/kubernetes"))
  const secret: Secret = parse(textOf("deploy/kubernetes/secret.example.yaml"))
  objects = [...parseAllDocuments(rendered).map((each): Kinds[keyof Kinds] => each.toJS()), secret]
}, 120_000)

const isOf =
  <Kind extends keyof Kinds>(kind: Kind) =>
  (object: Kinds[keyof Kinds]): object is Kinds[Kind] =>
    object.kind === kind

const the = <Kind extends keyof Kinds>(kind: Kind): Kinds[Kind] => {
  const [object, ...others] = objects.filter(isOf(kind))
  if (object === undefined || others.length > 0) throw new Error(`there is not one ${kind}`)
  return object
}

const pod = () => {
  const spec = the("Deployment").spec?.template.spec
  const [container] = spec?.containers ?? []
  if (spec === undefined || container === undefined) throw new Error("the Deployment has no container")
  return { spec, container }
}

describe("the objects that kustomize makes", () => {
  const cache = pathOf(".cache")
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, "manifests-"))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Literals of the types that are generated of the API's description: a name that is not in it is an error, too. */
  const errors = (checked: ReadonlyArray<object>) => {
    const lines = checked.map((object, at) => {
      const kind = "kind" in object ? String(object.kind) : ""
      const from = Object.entries(TYPES).find(([name]) => name === kind)?.[1] ?? "unknown"
      return `export const _${at}: import("kubernetes-types/${from}.js").${kind} = ${JSON.stringify(object)}`
    })
    const file = join(folder, "manifests.ts")
    writeFileSync(file, lines.join("\n"))
    const options = ["--ignoreConfig", "--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext"]
    return spawnSync(pathOf("bin/node24"), ["tsc", ...options, file], { encoding: "utf8" }).stdout
  }

  it("are of the kinds and shapes that Kubernetes knows", () => {
    expect(errors(objects)).toBe("")
    const misspelt = { ...the("Service"), sepc: {} }
    expect(errors([misspelt])).toContain("sepc")
  }, 60_000)

  it("give the service settings that exist and that it starts with", async () => {
    const environment = { ...the("ConfigMap").data, ...the("Secret").stringData }
    expect(noSettings(Object.keys(environment))).toEqual([])
    const filledIn = { ...environment, KEYHOLE_SECRET: "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldA==" }
    const { address } = await settingsOf({ ...image.environment, ...filledIn })
    const [port] = pod().container.ports ?? []
    expect([port?.name, port?.containerPort]).toEqual(["http", address.port])
    expect(the("Service").spec?.ports?.map(({ targetPort }) => targetPort)).toEqual(["http"])
  })

  it("take them from the objects that are there, and none from names of services", () => {
    const { spec, container } = pod()
    const sources = (container.envFrom ?? []).map(
      ({ configMapRef, secretRef }) => configMapRef?.name ?? secretRef?.name
    )
    expect(sources).toEqual([the("ConfigMap").metadata?.name, the("Secret").metadata?.name])
    expect(spec.enableServiceLinks).toBe(false)
  })

  it("choose the pods there are", () => {
    const labels = the("Deployment").spec?.template.metadata?.labels
    expect(the("Deployment").spec?.selector.matchLabels).toEqual(labels)
    expect(the("Service").spec?.selector).toEqual(labels)
    expect(the("PodDisruptionBudget").spec?.selector?.matchLabels).toEqual(labels)
  })
})

describe("the Deployment", () => {
  it("asks at paths that the service has", () => {
    const { startupProbe, readinessProbe, livenessProbe } = pod().container
    const asked = [startupProbe, readinessProbe, livenessProbe].map((probe) => probe?.httpGet)
    expect(asked).toEqual([livez, readyz, livez].map(({ path }) => ({ path, port: "http" })))
    const annotations = the("Deployment").spec?.template.metadata?.annotations
    expect(annotations?.["prometheus.io/path"]).toBe(metrics.path)
    expect(annotations?.["prometheus.io/port"]).toBe(String(image.port))
  })

  it("starts the new before it ends the old", () => {
    expect(the("Deployment").spec?.strategy?.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 })
    expect(the("PodDisruptionBudget").spec?.maxUnavailable).toBeLessThan(the("Deployment").spec?.replicas ?? 0)
  })

  it("waits until nobody sends requests any more, then until all are answered", () => {
    const { spec, container } = pod()
    const [program, seconds] = container.lifecycle?.preStop?.exec?.command ?? []
    expect(program).toBe("sleep")
    expect(Number(seconds)).toBeGreaterThanOrEqual(5)
    const needed = Number(seconds) + 2 * Duration.toSeconds(DRAINED_WITHIN)
    expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(needed)
  })

  // https://kubernetes.io/docs/concepts/security/pod-security-standards, and a root file system that is only read.
  it("is restricted", () => {
    const { spec, container } = pod()
    const [uid, gid] = image.user
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: uid, runAsGroup: gid })
    expect(spec.securityContext?.seccompProfile).toEqual({ type: "RuntimeDefault" })
    expect(spec.automountServiceAccountToken).toBe(false)
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] }
    })
    expect(spec.volumes?.map(({ emptyDir }) => emptyDir === undefined)).toEqual([false])
    expect(container.volumeMounts?.map(({ mountPath }) => mountPath)).toEqual([image.volume])
  })
})
