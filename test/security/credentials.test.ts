import { Redacted, Result } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Email } from "../../src/domain/identity/Email.ts"
import { acceptPassword, normalize } from "../../src/domain/identity/Password.ts"
import { PASSWORD } from "../support/ada.ts"
import { type Http, startHttp } from "../support/http.ts"

let http: Http
beforeAll(async () => {
  http = await startHttp()
})
afterAll(() => http.stop())

describe("17. NFC and NFD forms of one password", () => {
  // Two kinds of marks in turn have to be sorted, which takes time that grows with the square of their number.
  const marks = (count: number) => Redacted.make(`a${"\u0300\u0316".repeat(count)}`)

  it("are not even made of a text that is too long to be a password in either", () => {
    const long = marks(15_000)
    expect(normalize(long)).toBe(long)
    const owner = { email: Email.make("ada@example.com"), name: null }
    expect(Result.getOrThrow(Result.flip(acceptPassword(long, owner, () => false))).rule).toBe("too-long")
  })

  it("are one for every password that may be chosen, the longest in its longest form included", () => {
    const longest = "\u1f82".repeat(256)
    const decomposed = Redacted.make(longest.normalize("NFD"))
    expect(Redacted.value(decomposed)).toHaveLength(1024)
    expect(Redacted.value(normalize(decomposed))).toBe(longest)
  })
})

describe("17. Passwords that differ only in what is no Unicode", () => {
  it("are refused, for they would all be the same to the hash", async () => {
    const email = "surrogates@example.com"
    const refused = {
      status: 422,
      body: { code: "invalid-request", errors: [{ pointer: "/password", detail: "Expected well-formed Unicode" }] }
    }
    const password = "\ud800".repeat(20)
    expect(await http.post("/auth/register", { email, password })).toMatchObject(refused)
    expect(await http.post("/auth/register", { email, password: PASSWORD })).toMatchObject({ status: 201 })
    expect(await http.post("/auth/login", { email, password })).toMatchObject(refused)
  })
})
