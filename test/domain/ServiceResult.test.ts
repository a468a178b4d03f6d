import { describe, expectTypeOf, it } from "vitest"
import { createUser } from "../../src/domain/identity/createUser.ts"
import { grantRole } from "../../src/domain/identity/grantRole.ts"
import { register } from "../../src/domain/identity/register.ts"
import { signIn } from "../../src/domain/identity/signIn.ts"
import { carve } from "../../src/domain/image/carve.ts"
import { download, findLayer } from "../../src/domain/image/download.ts"
import { inspect } from "../../src/domain/image/inspect.ts"
import { listTags } from "../../src/domain/image/listTags.ts"
import { peek } from "../../src/domain/image/peek.ts"
import { listAccounts } from "../../src/domain/registry/listAccounts.ts"
import type { RegistryCredentials } from "../../src/domain/registry/RegistryCredentials.ts"
import { removeCredential } from "../../src/domain/registry/removeCredential.ts"
import { setCredential } from "../../src/domain/registry/setCredential.ts"
import type { ServiceResult } from "../../src/domain/ServiceResult.ts"
import { close } from "../../src/domain/session/close.ts"
import { closeOwn } from "../../src/domain/session/closeOwn.ts"
import { listOwn } from "../../src/domain/session/listOwn.ts"
import { authenticate } from "../../src/domain/token/authenticate.ts"
import { refresh } from "../../src/domain/token/refresh.ts"
import { signOut } from "../../src/domain/token/signOut.ts"
import type { Route } from "../../src/http/route.ts"
import type { allRoutes } from "../../src/http/routes/all.ts"

const useCases = {
  authenticate,
  carve,
  close,
  closeOwn,
  createUser,
  download,
  findLayer,
  grantRole,
  inspect,
  listAccounts,
  listOwn,
  listTags,
  peek,
  refresh,
  register,
  removeCredential,
  setCredential,
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

describe("a route", () => {
  it("gets registry credentials from its caller, never from what the service is made of", () => {
    type ServicesOf<R> = R extends ReadonlyArray<Route<infer Services>> ? Services : never
    expectTypeOf<Extract<ServicesOf<typeof allRoutes>, RegistryCredentials>>().toBeNever()
  })
})
