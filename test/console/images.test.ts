import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import { gzipSync } from "node:zlib"
import { Effect, Exit, Scope } from "effect"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { tarball } from "../domain/image/support/tarball.ts"
import { barriers, focused, startBrowser } from "../support/chromium.ts"
import { type Http, startHttp } from "../support/http.ts"
import { image } from "../support/registry/layout.ts"
import { realRegistry } from "../support/registry/real.ts"
import { open, registries } from "../support/registry/session.ts"
import { complaints, registerAt } from "./support.ts"

const INSTALLING = 300_000
const MANY = 60_000

const directory = (name: string) => ({ name, type: "5", mode: 0o755 })
const script = "<script>document.title = 'run'; fetch('/ran')</script>"
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="teal"/>${script}</svg>`
const binary = Buffer.from(Array.from({ length: 4096 }, (_, index) => index % 256))
const lower = tarball(
  directory("etc/"),
  { name: "etc/motd", content: "Welcome.\nSecond line.\n" },
  { name: "etc/gone", content: "x" },
  directory("srv/"),
  { name: "srv/page.html", content: `<h1>A page</h1>${script}` },
  { name: "srv/logo.svg", content: svg },
  { name: "srv/data.bin", content: binary },
  { name: "greeting", type: "2", link: "etc/motd" },
  { name: "www", type: "2", link: "srv" }
)
const upper = tarball({ name: "etc/motd", content: "Welcome back.\n" }, { name: "etc/.wh.gone" })
const many = tarball(
  ...Array.from({ length: MANY }, (_, index) => ({ name: `pack/${index % 200}/file-${index}`, content: "" }))
)

let http: Http
let browser: Awaited<ReturnType<typeof startBrowser>>
let registry: Effect.Success<ReturnType<typeof realRegistry>>
let page: Page
let heard: ReadonlyArray<string>
const scope = Scope.makeUnsafe()
beforeAll(async () => {
  registry = await Effect.runPromise(Scope.provide(realRegistry(), scope))
  const config = {
    config: { Env: ["GREETING=hello"] },
    history: [{ created_by: "COPY . /" }, { created_by: "RUN rm" }]
  }
  await Effect.runPromise(registry.pushImage(image([gzipSync(lower), gzipSync(upper)], config), "team/app:1"))
  await Effect.runPromise(registry.pushImage(image([gzipSync(many)]), "team/many:1"))
  ;[http, browser] = await Promise.all([startHttp(registries(open(registry.host))), startBrowser()])
  const person = await browser.person()
  page = await person.newPage()
  heard = complaints(page)
  await registerAt(page, http.url)
}, INSTALLING)
afterAll(async () => {
  await browser.stop()
  await http.stop()
  await Effect.runPromise(Scope.close(scope, Exit.void))
})

const tree = () => page.getByRole("tree", { name: "Files" })
const row = (name: string | RegExp) => tree().getByRole("treeitem", { name })

/** Looks into an image as somebody does who types its name. */
const look = async (name: string) => {
  await page.goto(`${http.url}/#/images`)
  await page.getByLabel("Image reference").fill(`${registry.host}/team/${name}`)
  await page.getByRole("button", { name: "Look inside" }).click()
  await page.getByText(/entries, (?:.* fetched|known already)/u).waitFor()
}

describe("an image", () => {
  it("is browsed by keyboard, a link is followed, and a file shown with its lines", async () => {
    await look("app:1")
    await tree().focus()
    await page.keyboard.press("ArrowRight")
    expect(await row(/^motd/u).getAttribute("aria-level")).toBe("2")
    await page.keyboard.press("End")
    await row(/www/u).waitFor()
    // A link to a directory opens that; one to a file opens the file.
    await page.keyboard.press("Enter")
    await row(/page\.html/u).waitFor()
    await row(/greeting/u).click()
    const content = page.getByRole("region", { name: "Content of motd" })
    await content.getByText("Welcome back.").waitFor()
    expect(await content.locator(".number").allTextContents()).toEqual(["1"])
    expect(await barriers(page)).toEqual([])
  })

  it("shows of one layer what is overridden or deleted later, and what it deletes itself", async () => {
    await look("app:1")
    await page.getByLabel("Files of").selectOption("0")
    await row(/^etc/u).click()
    await row(/motd.*overridden by layer 1/u).waitFor()
    await row(/gone.*deleted later/u).waitFor()
    await page.getByLabel("Files of").selectOption("1")
    await row(/^etc/u).click()
    await row(/gone.*deleted here/u).waitFor()
  })

  it("shows of the whole image, when asked, what its layers override and delete, and that where it still is", async () => {
    await look("app:1")
    await page.getByLabel("Show what layers delete and override").check()
    await row(/^etc/u).click()
    await row(/motd.*overrides layer 0/u).waitFor()
    await row(/gone.*deleted by layer 1/u).click()
    await page.getByRole("region", { name: "Content of gone" }).getByText("x").waitFor()
    expect(await page.getByLabel("Files of").inputValue()).toBe("0")
    expect(await barriers(page)).toEqual([])
    // Whoever comes by its address is led there, too.
    await page.goto(`${http.url}/#/images?image=${registry.host}/team/app:1&path=/etc/gone`)
    await page.getByRole("alert").getByText("/etc/gone is deleted by layer 1").waitFor()
    await page.getByRole("link", { name: "Show what layers delete" }).click()
    await row(/gone.*deleted by layer 1/u).waitFor()
  })

  it("gives pictures as pictures and pages as text, and runs nothing of either", async () => {
    await look("app:1")
    const asked: Array<string> = []
    page.on("request", (request) => asked.push(new URL(request.url()).pathname))
    await row(/^srv/u).click()
    await row(/logo/u).click()
    const picture = page.getByRole("img", { name: "The picture logo.svg" })
    await picture.waitFor()
    await expect.poll(() => page.evaluate("document.querySelector('.picture img').naturalWidth")).toBe(64)
    await row(/page/u).click()
    await page.getByText("<h1>A page</h1>").waitFor()
    expect(await page.title()).toBe(`${registry.host}/team/app:1 – Images – Keyhole`)
    // The addresses they are saved from, opened as pages.
    const tab = await page.context().newPage()
    tab.on("request", (request) => asked.push(new URL(request.url()).pathname))
    for (const path of ["/srv/page.html", "/srv/logo.svg"]) {
      const address = `${http.url}/images/file?image=${registry.host}/team/app:1&path=${path}`
      // A browser that saves what it was led to says that it did not go there.
      const [saved] = await Promise.all([tab.waitForEvent("download"), tab.goto(address).catch(() => undefined)])
      expect(await saved.failure()).toBeNull()
      expect((await page.request.get(address)).headers()).toMatchObject({
        "content-security-policy": expect.stringMatching(/^sandbox/u),
        "content-disposition": expect.stringMatching(/^attachment/u)
      })
    }
    await tab.close()
    expect(asked).not.toContain("/ran")
  })

  it("takes the keyboard to a file and back to the tree, where only one of them has room", async () => {
    await page.setViewportSize({ width: 390, height: 800 })
    await look("app:1")
    await page.getByLabel("Search for names").fill("DATA")
    await tree().focus()
    await page.keyboard.press("Enter")
    await page.getByRole("link", { name: "Close the file" }).waitFor()
    await expect.poll(() => focused(page)).toBe("/srv/data.bin")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    expect(await focused(page)).toBe("Close the file")
    await page.keyboard.press("Enter")
    await expect.poll(() => focused(page)).toBe("Files")
    await page.setViewportSize({ width: 1280, height: 720 })
  })

  it("has a file that is found by its name, shown byte by byte, and saved as it is", async () => {
    await look("app:1")
    await page.getByLabel("Search for names").fill("DATA")
    await row(/^data\.bin \/srv\//u).click()
    const content = page.getByRole("region", { name: "Content of data.bin" })
    await content.getByText("41 42 43 44").first().waitFor()
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download" }).click()
    ])
    const saved = await readFile(await download.path())
    expect(createHash("sha256").update(saved).digest("hex")).toBe(createHash("sha256").update(binary).digest("hex"))
  })

  it("says how it was made and what it is run with", async () => {
    await look("app:1")
    await page.getByRole("link", { name: "Layers and steps" }).click()
    await page.getByText("COPY . /").waitFor()
    expect(await barriers(page)).toEqual([])
    await page.getByRole("link", { name: "Configuration" }).click()
    await page.getByText("GREETING=hello").waitFor()
    expect(await barriers(page)).toEqual([])
    await page.goto(`${http.url}/#/history`)
    await page.getByText(/Peek/u).first().waitFor()
    expect(await barriers(page)).toEqual([])
  })

  it("is known by its names afterwards, and its digest is copied whole", async () => {
    await look("app:1")
    const digest = page.getByRole("button", { name: "Copy sha256:" })
    expect(await digest.getAttribute("title")).toMatch(/^sha256:[0-9a-f]{64}$/u)
    await page.goto(`${http.url}/#/images`)
    // However often it was looked at.
    const lately = page.getByRole("main").locator(".item").filter({ hasText: "team/app:1" })
    await expect.poll(() => lately.count()).toBe(1)
    await page.getByLabel("Find a file in what you looked into").fill("MOTD")
    const found = page.getByRole("main").locator(".item").filter({ hasText: "/etc/motd" })
    await expect.poll(() => found.count()).toBe(2)
    expect(await barriers(page)).toEqual([])
    await found.filter({ hasText: "layer 0" }).getByRole("link").click()
    await page.getByRole("region", { name: "Content of motd" }).getByText("Second line.").waitFor()
    await page.goto(`${http.url}/#/images`)
    await page.getByLabel("Find a file in what you looked into").fill("no such name")
    await page.getByText("No name in the images").waitFor()
  })

  it("that is not there is said to be so", async () => {
    await page.goto(`${http.url}/#/images?image=${registry.host}/team/none`)
    await page.getByRole("alert").getByText(/none/u).waitFor()
  })
})

it("a tree of 60,000 files makes only what is seen, and finds names as they are typed", async () => {
  await look("many:1")
  await page.getByText("60,000 entries").waitFor()
  await tree().focus()
  await page.keyboard.press("ArrowRight")
  await page.keyboard.press("End")
  await row(/^199/u).waitFor()
  await page.getByLabel("Search for names").fill("file-5999")
  await page.getByText("11 matches").waitFor()
  await page.getByLabel("Search for names").fill("no such name")
  await page.getByText("No name has “no such name” in it").waitFor()
  await page.getByLabel("Search for names").fill("file")
  await page.getByText("60,000 matches").waitFor()
  expect(await tree().getByRole("treeitem").count()).toBeLessThan(100)
})

it("nothing of it was against the page's own policy", () => {
  expect(heard.filter((text) => /policy|violat|uncaught/iu.test(text))).toEqual([])
})
