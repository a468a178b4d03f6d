import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { PASSWORD } from "../support/ada.ts"
import { barriers, startBrowser } from "../support/chromium.ts"
import { type Http, newcomer, newcomerWith, startHttp } from "../support/http.ts"
import { enter } from "./support.ts"

const INSTALLING = 300_000

let http: Http
let browser: Awaited<ReturnType<typeof startBrowser>>
let page: Page
beforeAll(async () => {
  ;[http, browser] = await Promise.all([startHttp(), startBrowser()])
  const administrator = await newcomerWith(http, "admin")
  page = await (await browser.person()).newPage()
  await page.goto(http.url)
  await enter(page, administrator.email, "Sign in")
  await page.getByRole("link", { name: "Users" }).waitFor()
}, INSTALLING)
afterAll(async () => {
  await browser.stop()
  await http.stop()
})

const administer = async (name: string) => {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name }).click()
  await page.getByRole("heading", { level: 1, name }).waitFor()
}

it("somebody is found, given a role, shut out and deleted", async () => {
  const person = await newcomer(http)
  await administer("Users")
  await page.getByLabel("Search for people").fill(person.email)
  await page.getByRole("link", { name: person.email }).click()
  await page.getByRole("checkbox", { name: /^operator/u }).check()
  await page.getByRole("button", { name: "Give these roles" }).click()
  await expect.poll(async () => (await http.get("/users/me", person.access)).body.roles).toContain("operator")
  await page.getByRole("button", { name: "Disable" }).click()
  await page.getByRole("button", { name: "Let in again" }).waitFor()
  expect(await http.get("/users/me", person.access)).toMatchObject({ status: 401 })
  expect(await barriers(page)).toEqual([])
  await page.getByRole("button", { name: "Delete" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click()
  await page.getByRole("heading", { level: 1, name: "Users" }).waitFor()
  expect(await http.post("/auth/login", { email: person.email, password: PASSWORD })).toMatchObject({ status: 401 })
  expect(await barriers(page)).toEqual([])
})

it("a role is defined and removed", async () => {
  await administer("Roles")
  await page.getByLabel("Name").fill("auditor")
  await page.getByRole("checkbox", { name: "event:read" }).check()
  await page.getByRole("button", { name: "Define" }).click()
  await page.getByRole("button", { name: "Remove auditor" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click()
  await expect.poll(() => page.getByRole("button", { name: "Remove auditor" }).count()).toBe(0)
  expect(await barriers(page)).toEqual([])
})

it("events are narrowed down to a kind and to a person", async () => {
  const person = await newcomer(http)
  await administer("Events")
  const events = page.getByRole("main").locator(".item")
  await events.filter({ hasText: "Account made" }).filter({ hasText: person.email }).waitFor()
  expect(await barriers(page)).toEqual([])
  await page.getByLabel("Kind of event").selectOption("Account made")
  await expect.poll(() => events.filter({ hasText: "Sign-in succeeded" }).count()).toBe(0)
  await page.getByLabel("Somebody’s address").fill(person.email)
  await expect.poll(() => events.count()).toBe(1)
  await page.getByLabel("Kind of event").selectOption("All kinds")
  await expect.poll(() => events.count()).toBe(2)
  await page.getByLabel("Somebody’s address").fill("")
  await events.filter({ hasText: "Role changed" }).first().waitFor()
})

it("a login to a registry is kept, shown without its password, and removed", async () => {
  await administer("Registries")
  await page.getByText("No logins yet").waitFor()
  expect(await barriers(page)).toEqual([])
  const keep = async (registry: string) => {
    await page.getByLabel("Registry").fill(registry)
    await page.getByLabel("User name").fill("ada")
    await page.getByLabel("Password or token").fill("a secret of the registry")
    await page.getByRole("button", { name: "Keep login" }).click()
  }
  await keep("not a host")
  await expect.poll(() => page.getByLabel("Registry").getAttribute("aria-invalid")).toBe("true")
  await keep("ghcr.io")
  await page.getByText("as ada").waitFor()
  expect(await page.content()).not.toContain("a secret of the registry")
  expect(await barriers(page)).toEqual([])
  await page.getByRole("button", { name: "Remove the login to ghcr.io" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click()
  await page.getByText("No logins yet").waitFor()
})

it("keys are shown", async () => {
  await administer("Keys")
  await page.getByText("RS256").first().waitFor()
  expect(await barriers(page)).toEqual([])
})

it("who administers nothing is shown none of it", async () => {
  const context = await browser.person()
  const other = await context.newPage()
  await other.goto(http.url)
  await enter(other, (await newcomer(http)).email, "Sign in")
  await other.getByRole("link", { name: "Sessions" }).waitFor()
  expect(await other.getByText("Administration").count()).toBe(0)
  expect(await other.getByRole("link", { name: "Registries" }).count()).toBe(0)
  await context.close()
})
