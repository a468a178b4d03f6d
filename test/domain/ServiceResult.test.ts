import { describe, expectTypeOf, it } from "vitest"
import { createUser } from "../../src/domain/identity/createUser.ts"
import { grantRole } from "../../src/domain/identity/grantRole.ts"
import { register } from "../../src/domain/identity/register.ts"
import { signIn } from "../../src/domain/identity/signIn.ts"
import { carve } from "../../src/domain/image/carve.ts"
import { inspect } from "../../src/domain/image/inspect.ts"
import { listTags } from "../../src/domain/image/listTags.ts"
import { peek } from "../../src/domain/image/peek.ts"
import type { ServiceResult } from "../../src/domain/ServiceResult.ts"
import { close } from "../../src/domain/session/close.ts"
import { closeOwn } from "../../src/domain/session/closeOwn.ts"
import { listOwn } from "../../src/domain/session/listOwn.ts"
import { authenticate } from "../../src/domain/token/authenticate.ts"
import { refresh } from "../../src/domain/token/refresh.ts"
import { signOut } from "../../src/domain/token/signOut.ts"

const useCases = {
  authenticate,
  carve,
  close,
  closeOwn,
  createUser,
  grantRole,
  inspect,
  listOwn,
  listTags,
  peek,
  refresh,
  register,
  signIn,
  signOut
}

type Result = ReturnType<(typeof useCases)[keyof typeof useCases]>
type Needs<R> = R extends ServiceResult<unknown, infer Services> ? Services : never

describe("a use case", () => {
  it("ends in a value or in one of the service's errors, and in nothing else", () => {
    expectTypeOf<Result>().toExtend<ServiceResult<unknown, Needs<Result>>>()
  })
})
