import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { ConfigProvider, Effect, Layer } from "effect"
import * as Configuration from "../../src/infra/config/Configuration.ts"
import { Neighbours } from "../../src/infra/config/Neighbours.ts"
import { ServerAddress } from "../../src/infra/config/ServerAddress.ts"
import { documented } from "../../src/infra/config/settings.ts"

const root = new URL("../../", import.meta.url)

export const pathOf = (name: string): string => fileURLToPath(new URL(name, root))
export const textOf = (name: string): string => readFileSync(new URL(name, root), "utf8")

/** What the image says beside the settings: that it runs in production. */
const BESIDE = ["NODE_ENV"]

/** Those of the names that are no setting. */
export const noSettings = (names: Iterable<string>): ReadonlyArray<string> => {
  const known = new Set([...documented.map(({ name }) => name), ...BESIDE])
  return [...names].filter((name) => !known.has(name))
}

/** What the service makes of an environment; it fails where the service would not start with it. */
export const settingsOf = (env: Readonly<Record<string, string>>) =>
  Effect.all({ address: ServerAddress, neighbours: Neighbours }).pipe(
    Effect.provide(Layer.provide(Configuration.layer, ConfigProvider.layer(ConfigProvider.fromEnv({ env })))),
    Effect.runPromise
  )
