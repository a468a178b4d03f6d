import { Redacted, Schema } from "effect"
import { describe, expect, it } from "vitest"
import { credentialOf, RegistryUsername } from "../../../src/domain/registry/RegistryCredentials.ts"

const password = Redacted.make("secret")

describe("a registry's login", () => {
  it("is an identity token exactly when its name says so", () => {
    expect(credentialOf({ username: "<token>", password })).toEqual({
      username: "<token>",
      password,
      identityToken: password
    })
    expect(credentialOf({ username: "ada", password })).toEqual({ username: "ada", password })
  })

  it("has a name that fits into a header", () => {
    const is = Schema.is(RegistryUsername)
    expect(["a", "<token>", "é".repeat(255)].map((name) => is(name))).toEqual([true, true, true])
    expect(["", "a:b", "a\n", "a\x7f", "é".repeat(256)].map((name) => is(name))).toEqual(Array(5).fill(false))
  })
})
