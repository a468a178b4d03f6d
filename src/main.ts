import { readFileSync } from "node:fs"
import { homedir } from "node:os"
import { Effect, Layer, Option } from "effect"
import { Application } from "./cli/Application.ts"
import { failed } from "./cli/Ended.ts"
import { runMain } from "./cli/runMain.ts"
import { unlimited } from "./domain/identity/Guesses.ts"
import { nothingKnown } from "./domain/image/KnownBlobs.ts"
import { Spool } from "./http/listing/Spool.ts"
import { fromServiceError } from "./http/problem/table.ts"
import { allRoutes } from "./http/routes/all.ts"
import * as Server from "./http/Server.ts"
import { traced } from "./http/traced.ts"
import { ServerSettings } from "./http/ServerSettings.ts"
import { viewEntry } from "./http/view/entry.ts"
import * as Audience from "./infra/change/Audience.ts"
import * as ChangeFeed from "./infra/change/ChangeFeed.ts"
import * as ChangeSweep from "./infra/change/ChangeSweep.ts"
import { leased } from "./infra/change/leased.ts"
import * as Messenger from "./infra/change/Messenger.ts"
import * as Configuration from "./infra/config/Configuration.ts"
import { Neighbours } from "./infra/config/Neighbours.ts"
import { ServerAddress } from "./infra/config/ServerAddress.ts"
import { unknownNames } from "./infra/config/unknownNames.ts"
import * as Database from "./infra/database/Database.ts"
import { databaseThere } from "./infra/database/databaseThere.ts"
import { DatabaseSettings } from "./infra/database/DatabaseSettings.ts"
import * as databaseHealth from "./infra/database/health.ts"
import { over } from "./infra/database/over.ts"
import { placeOf } from "./infra/database/placeOf.ts"
import * as UnitOfWork from "./infra/database/UnitOfWork.ts"
import * as RoleRepository from "./infra/access/RoleRepository.ts"
import { rememberedRoles } from "./infra/access/rememberedRoles.ts"
import * as EventLog from "./infra/event/EventLog.ts"
import * as Argon2 from "./infra/identity/Argon2.ts"
import * as CommonPasswords from "./infra/identity/CommonPasswords.ts"
import * as Guesses from "./infra/identity/Guesses.ts"
import { GuessSettings } from "./infra/identity/GuessSettings.ts"
import * as Identifiers from "./infra/identity/Identifiers.ts"
import * as UserRepository from "./infra/identity/UserRepository.ts"
import { rememberedUsers } from "./infra/identity/rememberedUsers.ts"
import * as KnownBlobs from "./infra/image/KnownBlobs.ts"
import * as Looks from "./infra/image/Looks.ts"
import * as ReadingRoom from "./infra/image/ReadingRoom.ts"
import * as KeyStore from "./infra/key/KeyStore.ts"
import * as SigningKeys from "./infra/key/SigningKeys.ts"
import * as nativeDecoder from "./infra/layer/nativeDecoder.ts"
import * as logging from "./infra/observability/logging.ts"
import * as prometheus from "./infra/observability/prometheus.ts"
import { collected } from "./infra/observability/collected.ts"
import * as Countries from "./infra/network/Countries.ts"
import * as CredentialStore from "./infra/registry/CredentialStore.ts"
import { keptLogin, loginFiles } from "./infra/registry/keptLogins.ts"
import * as redisHealth from "./infra/redis/health.ts"
import * as Redis from "./infra/redis/Redis.ts"
import { RedisSettings } from "./infra/redis/RedisSettings.ts"
import * as registry from "./infra/registry/registry.ts"
import * as Resolver from "./infra/registry/Resolver.ts"
import * as MasterSecret from "./infra/secret/MasterSecret.ts"
import * as Vault from "./infra/secret/Vault.ts"
import * as SessionStore from "./infra/session/SessionStore.ts"
import * as SessionSweep from "./infra/session/SessionSweep.ts"
import { rememberedSessions } from "./infra/session/rememberedSessions.ts"
import * as RefreshTokens from "./infra/token/RefreshTokens.ts"
import * as TokenSigner from "./infra/token/TokenSigner.ts"
import * as TokenStorage from "./infra/token/TokenStorage.ts"
import { rememberedCallers } from "./infra/token/rememberedCallers.ts"
import { rememberedTokens } from "./infra/token/rememberedTokens.ts"

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"))

/** How instances reach each other, and the state of everything there is to depend on. */
const surroundings = Layer.unwrap(
  Effect.map(RedisSettings, ({ url }) =>
    Option.match(url, {
      onNone: () => Layer.merge(Messenger.none, databaseHealth.layer),
      onSome: (given) =>
        Layer.merge(Messenger.onRedis, Layer.provide(redisHealth.layer, databaseHealth.layer)).pipe(
          Layer.provide(Redis.layer(given))
        )
    })
  )
)

const attentively = Layer.merge(ChangeFeed.embedded, Audience.attentive)

/** How the service learns of changes, and tells of its own. */
const changes = over(attentively, leased)

/** The same for a command, which asks for a change where it has to know, and ends soon. */
const changesOfCommands = over(attentively, Layer.merge(ChangeFeed.embedded, Audience.patient))

const stores = Layer.mergeAll(
  UnitOfWork.layer,
  Layer.provide(rememberedUsers, UserRepository.layer),
  Layer.provide(rememberedRoles, RoleRepository.layer),
  Layer.provide(rememberedSessions, SessionStore.layer),
  RefreshTokens.layer,
  Layer.provide(rememberedTokens, TokenStorage.database),
  rememberedCallers,
  EventLog.layer,
  KnownBlobs.layer,
  Looks.layer
)

const vault = Layer.provide(Vault.layer, MasterSecret.layer)

/** The signing keys as the store has them. */
const keyStore = Layer.mergeAll(
  Layer.provide(KeyStore.layer, vault),
  UnitOfWork.layer,
  EventLog.layer,
  Identifiers.layer
)

const signer = TokenSigner.layer.pipe(Layer.provide(SigningKeys.database), Layer.provide([keyStore, vault]))

const credentials = Layer.provide(CredentialStore.layer, vault)

const guesses = Layer.unwrap(Effect.map(GuessSettings, ({ limited }) => (limited ? Guesses.database : unlimited))).pipe(
  Layer.provide(MasterSecret.layer)
)

const images = Layer.mergeAll(Layer.provide(registry.layer, Resolver.system), nativeDecoder.layer, ReadingRoom.layer)

const accounts = Layer.mergeAll(stores, Argon2.layer, CommonPasswords.layer, Identifiers.layer).pipe(
  Layer.provide(changesOfCommands),
  Layer.provide(Database.layer),
  Layer.provideMerge(Configuration.accounts)
)

const keys = keyStore.pipe(
  Layer.provide(changesOfCommands),
  Layer.provide(Database.layer),
  Layer.provideMerge(Configuration.keys)
)

const sweeps = Layer.merge(SessionSweep.layer, ChangeSweep.layer)

const http = collected(Server.layer(allRoutes), Server.layer(allRoutes.map(traced)), version)

const server = Layer.merge(http, sweeps).pipe(
  Layer.provide(
    Layer.effect(
      ServerSettings,
      Effect.map(Effect.all([ServerAddress, Neighbours]), ([address, neighbours]) => ({ ...address, ...neighbours }))
    )
  ),
  Layer.provide(
    Layer.mergeAll(stores, signer, credentials, guesses, Argon2.layer, CommonPasswords.layer, Identifiers.layer)
  ),
  Layer.provide([images, prometheus.layer, Countries.layer]),
  Layer.provide(changes),
  Layer.provide(surroundings),
  Layer.provide(Database.layer),
  Layer.provideMerge(Configuration.layer)
)

const serve = Effect.gen(function* () {
  const { url } = yield* Server.Server
  const database = yield* DatabaseSettings
  for (const sentence of unknownNames(Object.keys(process.env))) yield* Effect.logWarning(sentence)
  yield* Effect.logInfo(`Keyhole is listening on ${url}, with its data in ${placeOf(database)}`)
  return yield* Effect.never
}).pipe(Effect.provide(server))

const application = Application.of({
  serve,
  migrate: Effect.scoped(Effect.asVoid(Layer.build(Layer.provide(Database.layer, Configuration.database)))),
  accounts,
  keys,
  databaseThere: Effect.provide(databaseThere, Configuration.database),
  images: Layer.merge(images, nothingKnown).pipe(Layer.provideMerge(Configuration.images)),
  credentialsFor: (reference) => keptLogin(reference, loginFiles(process.env, homedir())),
  server: Configuration.server,
  describe: (error) => fromServiceError(error).detail,
  document: (entry) => JSON.stringify(viewEntry(entry)),
  spool: (order) => new Spool(order)
})

/** Reads a command line and does what it says. What only a command needs is loaded for it: every start would wait for that. */
const commanded = Effect.fnUntraced(
  function* (words: ReadonlyArray<string>) {
    const [{ run }, { layer }] = yield* Effect.promise(() =>
      Promise.all([import("./cli/run.ts"), import("@effect/platform-node/NodeServices")])
    )
    return yield* Effect.provide(run(words, version), layer)
  },
  Effect.provideService(Application, application)
)

const words = process.argv.slice(2)
const [command, ...more] = words
const isService = command === "serve"

// `serve` alone needs no reader of command lines.
const program = isService && more.length === 0 ? serve.pipe(Effect.catch(failed)) : commanded(words)

program.pipe(Effect.provide(logging.layer), runMain(isService))
