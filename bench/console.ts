import type { Page } from "playwright-core"
import { startBrowser } from "../test/support/chromium.ts"
import { type Figure, median, millis } from "./support/figures.ts"
import type { World } from "./support/world.ts"

export const ENTRIES = 60_000
const TYPED = "module-5999"

/**
 * Runs in the page: it marks when the lines of the whole tree are painted, and measures from each key that is typed to the
 * painting after it.
 */
const WATCH = `
  const painted = (then) => requestAnimationFrame(() => setTimeout(then))
  window.tree = new Promise((resolve) => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector(".browse [role=status]")?.textContent.includes("entries")) return
      observer.disconnect()
      painted(() => resolve(performance.mark("tree").startTime))
    }).observe(document, { childList: true, subtree: true, characterData: true })
  })
  window.keys = []
  addEventListener("input", () => {
    const start = performance.now()
    window.keys.push(new Promise((resolve) => painted(() => resolve(performance.measure("key", { start }).duration))))
  }, true)
`
/** From the last byte of the listing to the tree. */
const TREE = `tree.then((shown) => {
  const listing = performance.getEntriesByType("resource").find(({ name }) => name.includes("/images/files"))
  return shown - listing.responseEnd
})`
const KEYS = `Promise.all(keys)`
const LOADED = `performance.getEntriesByType("resource").filter(({ name }) => name.includes("/console/"))
  .reduce((sum, { transferSize }) => sum + transferSize, performance.getEntriesByType("navigation")[0].transferSize)`

const numbersIn = async (page: Page, script: string): Promise<ReadonlyArray<number>> => {
  const value: unknown = await page.evaluate(script)
  return [value].flat().map(Number)
}

/** A listing that is there at once, as no network has it: the page has everything still to do. */
const atOnce = async (page: Page) => {
  await page.route("**/images/files**", async (route) => route.fulfill({ response: await route.fetch() }))
}

/** The console in a real browser, with an image of 60,000 entries. */
export const benchConsole = async (
  { service, accounts }: World,
  image: string,
  times: number
): Promise<ReadonlyArray<Figure>> => {
  const browser = await startBrowser()
  const [account] = accounts
  const streamed: Array<number> = []
  const whole: Array<number> = []
  const keys: Array<number> = []
  let loaded = 0
  try {
    const person = await browser.person()
    const entrance = await person.newPage()
    await entrance.goto(service.url)
    await entrance.getByLabel("Email").fill(account?.email ?? "")
    await entrance.getByLabel("Password").fill(account?.password ?? "")
    ;[loaded = 0] = await numbersIn(entrance, LOADED)
    await entrance.getByRole("button", { name: "Sign in" }).click()
    await entrance.getByRole("button", { name: "Sign out" }).waitFor()
    const open = async (prepare: (page: Page) => Promise<void>) => {
      const page = await person.newPage()
      await page.addInitScript(WATCH)
      await prepare(page)
      await page.goto(`${service.url}/#/images?image=${encodeURIComponent(image)}`)
      await page.evaluate("tree")
      return page
    }
    await (await open(async () => undefined)).close()
    for (let time = 0; time < times; time++) {
      const page = await open(async () => undefined)
      streamed.push(...(await numbersIn(page, TREE)))
      await page.getByLabel("Search for names").pressSequentially(TYPED)
      keys.push(...(await numbersIn(page, KEYS)))
      await page.close()
      const other = await open(atOnce)
      whole.push(...(await numbersIn(other, TREE)))
      await other.close()
    }
  } finally {
    await browser.stop()
  }
  const many = ENTRIES.toLocaleString("en")
  return [
    {
      what: `tree of ${many} entries, from the last byte of its listing`,
      value: millis(median(streamed)),
      aim: "≤ 200 ms",
      beside: `the slowest ${millis(Math.max(...streamed))}`
    },
    {
      what: "the same when the listing comes all at once",
      value: millis(median(whole)),
      aim: "≤ 200 ms",
      beside: `the slowest ${millis(Math.max(...whole))}`
    },
    {
      what: `a key typed in the search over ${many} entries, until it is painted`,
      value: millis(median(keys)),
      aim: "≤ 50 ms",
      beside: `the slowest ${millis(Math.max(...keys))}`
    },
    {
      what: "first load of the console, compressed",
      value: `${(loaded / 1000).toFixed(1)} kB`,
      aim: "< 100 kB",
      beside: ""
    }
  ]
}
