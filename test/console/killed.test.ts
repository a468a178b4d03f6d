import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { startBrowser } from "../support/chromium.ts"
import { type Service, startService } from "../support/service.ts"
import { disposableFolder } from "../support/temporaryFolder.ts"
import { registerAt } from "./support.ts"

const INSTALLING = 300_000
/** Two starts of the service in between. */
const PATIENCE = 120_000

let browser: Awaited<ReturnType<typeof startBrowser>>
const folder = disposableFolder()
const services: Array<Service> = []
const start = async (settings: Readonly<Record<string, string>> = {}) => {
  const service = await startService({ KEYHOLE_DATA_DIR: folder.path, ...settings })
  services.push(service)
  return service
}
beforeAll(async () => {
  browser = await startBrowser()
}, INSTALLING)
afterAll(async () => {
  await browser.stop()
  await Promise.all(services.map((service) => service.end("SIGKILL")))
  folder[Symbol.dispose]()
})

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name }).waitFor()

it(
  "signing out with the service killed clears every tab, and the session is closed once the service is back",
  async () => {
    const service = await start()
    const person = await browser.person()
    const [one, other] = [await person.newPage(), await person.newPage()]
    await registerAt(one, service.url)
    await other.goto(`${service.url}/#/account`)
    await heading(other, "Account")
    // Two tabs that ask at once are both answered.
    await Promise.all([one.reload(), other.reload()])
    await Promise.all([heading(one, "Images"), heading(other, "Account")])
    await service.end("SIGKILL")
    await one.getByRole("button", { name: "Sign out" }).click()
    await Promise.all([heading(one, "Sign in"), heading(other, "Sign in")])
    await other.getByText("You are signed out.").waitFor()
    await start({ PORT: new URL(service.url).port })
    await one.reload()
    await heading(one, "Sign in")
    await expect.poll(() => person.cookies()).toEqual([])
    await other.reload()
    await heading(other, "Sign in")
    await person.close()
  },
  PATIENCE
)
