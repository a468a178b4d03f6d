import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { hash as argon2Hash } from "@node-rs/argon2"
import { hash as bcryptHash } from "@node-rs/bcrypt"
import { Duration, Effect, Layer, Logger, Redacted } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Email } from "../../src/domain/identity/Email.ts"
import { importUsers } from "../../src/domain/identity/importUsers.ts"
import { PasswordHash, PasswordHasher } from "../../src/domain/identity/PasswordHasher.ts"
import { Database } from "../../src/infra/database/Database.ts"
import * as Argon2 from "../../src/infra/identity/Argon2.ts"
import { Argon2Settings } from "../../src/infra/identity/Argon2Settings.ts"
import { keyhole } from "../cli/keyhole.ts"
import { PASSWORD, ada } from "../support/ada.ts"
import { type Http, startHttp } from "../support/http.ts"
import { rest } from "../support/rest.ts"
import { startService } from "../support/service.ts"
import { disposableFolder } from "../support/temporaryFolder.ts"
import { somebody } from "../support/useCases.ts"

const SETTINGS = { memoryKiB: 1024, time: 2, concurrency: 2, queue: 64 }

let http: Http
beforeAll(async () => {
  const hasher = Layer.provide(Argon2.layer, Layer.succeed(Argon2Settings, SETTINGS))
  http = await startHttp(Layer.merge(hasher, Logger.layer([])))
})
afterAll(() => http.stop())

let count = 0
/** Somebody whose account came with this hash. */
const immigrant = async (hash: string) => {
  const email = Email.make(`immigrant${count++}@example.com`)
  const passwordHash = PasswordHash.make(Redacted.make(hash))
  await http.run(importUsers([{ line: 1, email, passwordHash, name: null, roles: undefined }], somebody))
  return email
}

const login = (email: string, password: string) => http.post("/auth/login", { email, password })

const setHash = (email: string, hash: string) =>
  http.run(
    Effect.flatMap(Database, ({ run }) =>
      run((tables) => tables.updateTable("user").set({ password_hash: hash }).where("email", "=", email).execute())
    )
  )

const storedHash = (email: string) =>
  http.run(
    Effect.flatMap(Database, ({ read }) =>
      read((tables) =>
        tables.selectFrom("user").select("password_hash").where("email", "=", email).executeTakeFirstOrThrow()
      )
    )
  )

const TODAYS = /^\$argon2id\$v=19\$m=1024,t=2,p=1\$/u

describe("17. Odd passwords", () => {
  it.each([
    ["differ only in byte 73", `${"x".repeat(72)}a`, `${"x".repeat(72)}b`],
    ["differ only after a NUL", `before it, all the same\u0000a`, `before it, all the same\u0000b`],
    ["differ in a leading space", " a lighthouse at noon", "a lighthouse at noon"],
    ["differ in an emoji's last unit", "a lighthouse at noon 🔑", "a lighthouse at noon 🔒"]
  ])("that %s are two", async (_what, one, other) => {
    const email = `odd${count++}@example.com`
    expect((await http.post("/auth/register", { email, password: one })).status).toBe(201)
    expect((await login(email, other)).status).toBe(401)
    expect((await login(email, one)).status).toBe(200)
  })

  it("in NFC and NFD are one", async () => {
    const email = `odd${count++}@example.com`
    const password = "Ein Leuchtturm über Mittag"
    expect((await http.post("/auth/register", { email, password: password.normalize("NFD") })).status).toBe(201)
    expect((await login(email, password.normalize("NFC"))).status).toBe(200)
    expect((await login(email, password.normalize("NFD"))).status).toBe(200)
  })

  it("of a megabyte are refused before any hash", async () => {
    const password = "x".repeat(1024 * 1024)
    const answers = await Promise.all(
      ["/auth/login", "/auth/register"].map((path) => http.post(path, { email: "big@example.com", password }))
    )
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [413, "invalid-request"],
      [413, "invalid-request"]
    ])
  })

  it("that bcrypt would cut short match no hash of it, so that no two differ in what it cuts off", async () => {
    const long = "x".repeat(72)
    const email = await immigrant(await bcryptHash(`${long}a`, 4))
    expect((await login(email, `${long}a`)).status).toBe(401)
    expect((await login(email, `${long}b`)).status).toBe(401)
    const exact = await immigrant(await bcryptHash(long, 4))
    expect((await login(exact, `${long}a`)).status).toBe(401)
    expect((await login(exact, long)).status).toBe(200)
  })
})

describe("21. A stored hash that is not today's", () => {
  it.each(["$2a$", "$2b$", "$2y$"])(
    "of bcrypt, written %s, is verified and replaced at the first sign-in",
    async (prefix) => {
      const email = await immigrant((await bcryptHash(PASSWORD, 4)).replace(/^\$2.\$/u, prefix))
      expect((await login(email, "not the lighthouse")).status).toBe(401)
      expect((await storedHash(email)).password_hash.startsWith(prefix)).toBe(true)
      expect((await login(email, PASSWORD)).status).toBe(200)
      expect((await storedHash(email)).password_hash).toMatch(TODAYS)
      expect((await login(email, PASSWORD)).status).toBe(200)
    }
  )

  // From the test vectors of OpenBSD's and Openwall's implementations.
  it.each([
    ["U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"],
    ["U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"]
  ])("of bcrypt from elsewhere is verified: %s", async (password, hash) => {
    expect((await login(await immigrant(hash), password)).status).toBe(200)
  })

  it("with weaker parameters is replaced at the next sign-in", async () => {
    const email = await immigrant(await argon2Hash(PASSWORD, { memoryCost: 512, timeCost: 1 }))
    expect((await login(email, PASSWORD)).status).toBe(200)
    expect((await storedHash(email)).password_hash).toMatch(TODAYS)
  })

  const SALT_AND_HASH = "CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"
  it.each([
    `$2b$31$${SALT_AND_HASH}`,
    `$2b$15$${SALT_AND_HASH}`,
    `$2x$05$${SALT_AND_HASH}`,
    `$2b$05$${SALT_AND_HASH.slice(1)}`,
    `$2b$99$${SALT_AND_HASH}`,
    "$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b4dWRWJTmaaJObG4Xk1n9hXn1g"
  ])("%s is refused without running it, at import and at sign-in", async (hash) => {
    const passwordHash = PasswordHash.make(Redacted.make(hash))
    expect(await http.run(PasswordHasher.use(({ accepts }) => Effect.succeed(accepts(passwordHash))))).toBe(false)
    await expect(immigrant(hash)).rejects.toThrow()
    const email = await immigrant(await bcryptHash(PASSWORD, 4))
    await setHash(email, hash)
    const [elapsed, answer] = await Effect.runPromise(Effect.timed(Effect.promise(() => login(email, PASSWORD))))
    expect(answer.status).toBe(401)
    expect(Duration.toSeconds(elapsed)).toBeLessThan(5)
  })

  it("comes in by the command line and goes at the first sign-in at the running service", async () => {
    using folder = disposableFolder()
    const env = { KEYHOLE_DATA_DIR: folder.path, KEYHOLE_ARGON2_MEMORY: "1024" }
    const file = join(folder.path, "users.jsonl")
    writeFileSync(
      file,
      `${JSON.stringify({ email: "ada@example.com", password_hash: await bcryptHash(PASSWORD, 4) })}\n`
    )
    expect(await Effect.runPromise(keyhole(["users", "import", file], env))).toEqual({
      status: 0,
      stdout: "",
      stderr: "1 account was imported.\n"
    })
    const service = await startService(env)
    const { post } = rest(service.url)
    expect((await post("/auth/login", { email: "ada@example.com", password: "not the lighthouse" })).status).toBe(401)
    const { status, body } = await post("/auth/login", ada)
    expect({ status, roles: body.user.roles }).toEqual({ status: 200, roles: ["viewer"] })
    await service.end("SIGTERM")
  })
})
