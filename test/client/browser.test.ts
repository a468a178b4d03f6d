import { build } from "esbuild"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { PASSWORD } from "../support/ada.ts"
import { startBrowser } from "../support/chromium.ts"
import { type Http, newcomer, startHttp } from "../support/http.ts"

const INSTALLING = 300_000
const PATIENCE = 120_000

let http: Http
let browser: Awaited<ReturnType<typeof startBrowser>>
let client: string
beforeAll(async () => {
  ;[http, browser] = await Promise.all([startHttp(), startBrowser()])
  const { outputFiles } = await build({
    stdin: { contents: `export * from "keyhole/client"`, resolveDir: import.meta.dirname },
    bundle: true,
    format: "iife",
    globalName: "library",
    platform: "browser",
    write: false
  })
  client = outputFiles[0]?.text ?? ""
}, INSTALLING)
afterAll(async () => {
  await browser.stop()
  await http.stop()
})

it(
  "two tabs of a real browser whose tokens are over exchange them at once, and nobody is signed out",
  async () => {
    const { email } = await newcomer(http)
    const person = await browser.person()
    const exchanges: Array<number> = []
    person.on("response", (answer) => {
      if (new URL(answer.url()).pathname === "/auth/refresh") exchanges.push(answer.status())
    })
    const tab = async (): Promise<Page> => {
      const page = await person.newPage()
      await page.goto(http.url)
      await page.evaluate(client)
      await page.evaluate(
        `globalThis.mine = library.connect({ mode: "token", store: library.onShelf(localStorage, "mine") }); undefined`
      )
      return page
    }
    const [one, other] = [await tab(), await tab()]
    await one.evaluate(`mine.signIn(${JSON.stringify({ email, password: PASSWORD })})`)
    await expect.poll(() => other.evaluate("mine.state.status")).toBe("signed-in")
    await one.evaluate(
      `localStorage.setItem("mine", JSON.stringify({ ...JSON.parse(localStorage.getItem("mine")), expires_at: 0 }))`
    )
    const answers = await Promise.all([one, other, one, other].map((page) => page.evaluate("mine.me()")))
    expect(answers).toMatchObject(answers.map(() => ({ email })))
    // Once; but a process of the browser may learn late of what another one stored, and is given the same tokens then.
    await expect.poll(() => exchanges.length).toBeGreaterThanOrEqual(1)
    expect(exchanges.length).toBeLessThanOrEqual(2)
    expect(exchanges.every((status) => status === 200)).toBe(true)
    expect(await other.evaluate("mine.state.status")).toBe("signed-in")
    // Who signs out in one is out in the other.
    await one.evaluate("mine.logout()")
    await expect.poll(() => other.evaluate("mine.state.status")).toBe("signed-out")
    await person.close()
  },
  PATIENCE
)
