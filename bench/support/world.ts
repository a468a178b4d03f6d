import { rest } from "../../test/support/rest.ts"
import { PASSWORD } from "../../test/support/ada.ts"
import { type Service, startService } from "../../test/support/service.ts"
import { disposableFolder } from "../../test/support/temporaryFolder.ts"

export interface World extends AsyncDisposable {
  readonly service: Service
  /** Of somebody who is not among the accounts: each sign-in beyond the tenth closes the account's oldest session. */
  readonly token: string
  /** Of two others: half of the places for readings are the most that one user may have. */
  readonly neighbours: readonly [string, string]
  readonly accounts: ReadonlyArray<{ readonly email: string; readonly password: string }>
}

/** The service as an operator has it, with fresh data and a few people signed up. */
export const startWorld = async (settings: Readonly<Record<string, string>> = {}): Promise<World> => {
  const folder = disposableFolder()
  const service = await startService({ KEYHOLE_DATA_DIR: folder.path, KEYHOLE_RATE_LIMIT: "off", ...settings })
  const { post } = rest(service.url)
  const accounts = Array.from({ length: 8 }, (_, at) => ({ email: `user${at}@example.com`, password: PASSWORD }))
  await Promise.all(accounts.map((account) => post("/auth/register", account)))
  const tokenOf = async (name: string) =>
    String((await post("/auth/register", { email: `${name}@example.com`, password: PASSWORD })).body.access_token)
  return {
    service,
    accounts,
    token: await tokenOf("reader"),
    neighbours: [await tokenOf("bob"), await tokenOf("carol")],
    [Symbol.asyncDispose]: async () => {
      await service.end("SIGTERM")
      folder[Symbol.dispose]()
    }
  }
}
