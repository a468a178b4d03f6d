import { describe, expect, it } from "@effect/vitest"
import { Effect, Redacted, Result } from "effect"
import { CommonPasswords } from "../../../src/domain/identity/CommonPasswords.ts"
import { Email } from "../../../src/domain/identity/Email.ts"
import { acceptPassword } from "../../../src/domain/identity/Password.ts"
import { layer } from "../../../src/infra/identity/CommonPasswords.ts"

const owner = { email: Email.make("ada@example.com"), name: null }

describe("CommonPasswords", () => {
  it.effect("knows what is tried first, long or repeated, in whatever case", () =>
    Effect.gen(function* () {
      const isCommon = yield* (yield* CommonPasswords).isCommon
      const broken = (password: string) =>
        Result.match(acceptPassword(Redacted.make(password), owner, isCommon), {
          onSuccess: () => "none",
          onFailure: ({ rule }) => rule
        })
      for (const password of ["qwertyuiop12345", "Passwordpassword", "letmeinletmeinletmein", "1234567890987654321"]) {
        expect(broken(password), password).toBe("common")
      }
      for (const password of ["correct horse battery staple", "Schöne Grüße aus Köln", "x7Qv-9pLm-2ZtR-4kWd"]) {
        expect(broken(password), password).toBe("none")
      }
    }).pipe(Effect.provide(layer))
  )
})
