import { Layer } from "effect"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Countries } from "../../src/domain/network/Countries.ts"
import { PASSWORD } from "../support/ada.ts"
import { barriers, sideways, startBrowser } from "../support/chromium.ts"
import { type Http, startHttp } from "../support/http.ts"
import { complaints, enter, registerAt, someone } from "./support.ts"

const INSTALLING = 300_000

let http: Http
let browser: Awaited<ReturnType<typeof startBrowser>>
beforeAll(async () => {
  ;[http, browser] = await Promise.all([startHttp(Layer.succeed(Countries, { of: () => "IS" })), startBrowser()])
}, INSTALLING)
afterAll(async () => {
  await browser.stop()
  await http.stop()
})

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name }).waitFor()

describe("the console", () => {
  it("is a page of its own files, kept for good by what is in them, under a strict policy", async () => {
    const { body, headers } = await http.get("/")
    expect(headers.get("cache-control")).toBe("no-store")
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'/u)
    expect(headers.get("content-security-policy")).not.toMatch(/unsafe|https?:|\*/u)
    const parts = [...String(body).matchAll(/\/console\/[\w-]+\.\w+/gu)].map(([path]) => path)
    expect(parts).toHaveLength(3)
    let compressed = 0
    for (const path of parts) {
      const answer = await fetch(`${http.url}${path}`, { method: "GET", headers: { "accept-encoding": "br" } })
      expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable")
      compressed += Number(answer.headers.get("content-length"))
    }
    expect(compressed).toBeLessThan(100_000)
    expect(await http.get("/console/console-AAAAAAAA.js")).toMatchObject({ status: 404 })
  })
})

describe("in a browser", () => {
  it("somebody registers, and signs in again elsewhere; who signs out in one place stays signed in in the other", async () => {
    const [here, there] = [await browser.person(), await browser.person()]
    const [one, other] = [await here.newPage(), await there.newPage()]
    const heard = complaints(one)
    const email = await registerAt(one, http.url)
    await other.goto(http.url)
    await heading(other, "Sign in")
    await enter(other, email, "Sign in")
    await other.goto(`${http.url}/#/sessions`)
    await other.getByText("This one").waitFor()
    expect(await other.getByText(/on Linux/u).count()).toBe(2)
    expect(await other.getByText(/^Iceland, 127\.0\.0\.1/u).count()).toBe(2)
    await one.getByRole("button", { name: "Sign out" }).click()
    await heading(one, "Sign in")
    await one.goto(`${http.url}/#/account`)
    await heading(one, "Sign in")
    await enter(one, email, "Sign in")
    await heading(one, "Account")
    await one.getByRole("button", { name: "Sign out" }).click()
    await heading(one, "Sign in")
    await other.reload()
    await heading(other, "Sessions")
    await other.getByText("This one").waitFor()
    expect(await other.getByText(/on Linux/u).count()).toBe(1)
    // A browser says so itself when an answer is a 401.
    expect(heard.filter((text) => !text.includes("401"))).toEqual([])
    await Promise.all([here.close(), there.close()])
  })

  it("signing out with the service gone clears this tab and the others, and a reload does not bring it back", async () => {
    const person = await browser.person()
    const [one, other] = [await person.newPage(), await person.newPage()]
    await registerAt(one, http.url)
    await other.goto(`${http.url}/#/account`)
    await heading(other, "Account")
    await person.route("**/auth/logout", (route) => route.abort())
    await one.getByRole("button", { name: "Sign out" }).click()
    await heading(one, "Sign in")
    await heading(other, "Sign in")
    await one.reload()
    await heading(one, "Sign in")
    const cookies = await person.cookies()
    expect(cookies.map(({ name }) => name)).toEqual(["__Host-session_id"])
    // The service is back, and hears of it.
    await person.unroute("**/auth/logout")
    await one.reload()
    await heading(one, "Sign in")
    await expect.poll(() => person.cookies()).toEqual([])
    await person.close()
  })

  it("a session that has ended leads to sign-in, and back to where one was", async () => {
    const person = await browser.person()
    const page = await person.newPage()
    const email = await registerAt(page, http.url)
    await page.goto(`${http.url}/#/account`)
    // All that the page asks for has come: what it asked for later would find the session's end before the click.
    await page.getByText("Account made").waitFor()
    const { body } = await http.post("/auth/login", { email, password: PASSWORD })
    await http.post("/auth/logout-all", undefined, body.access_token)
    await page.getByRole("link", { name: "Sessions" }).click()
    await page.getByText("Your session has ended").waitFor()
    expect(new URL(page.url()).hash).toMatch(/^#\/sign-in/u)
    await enter(page, email, "Sign in")
    await heading(page, "Sessions")
    await person.close()
  })

  it("other sessions are ended one by one, or all at once", async () => {
    const person = await browser.person()
    const page = await person.newPage()
    const email = await registerAt(page, http.url)
    const tokens = await Promise.all([1, 2, 3].map(() => http.post("/auth/login", { email, password: PASSWORD })))
    await page.goto(`${http.url}/#/sessions`)
    await page.reload()
    const ends = page.getByRole("button", { name: /^End the session/u })
    await ends.first().click()
    await expect.poll(() => ends.count()).toBe(2)
    await page.getByRole("button", { name: "End all others" }).click()
    await page.getByRole("button", { name: "End them" }).click()
    await expect.poll(() => ends.count()).toBe(0)
    for (const { body } of tokens) {
      expect(await http.get("/users/me", body.access_token)).toMatchObject({ body: { code: "token-revoked" } })
    }
    await person.close()
  })

  it("an account gets another name and password, shows what happened, and goes", async () => {
    const person = await browser.person()
    const page = await person.newPage()
    const email = await registerAt(page, http.url)
    await page.goto(`${http.url}/#/account`)
    await page.getByLabel("Name").fill("Ada")
    await page.getByRole("button", { name: "Save" }).click()
    await page.getByText("Saved").waitFor()
    expect(await page.locator(".who").textContent()).toBe("Ada")
    await page.getByLabel("Current password").fill(PASSWORD)
    await page.getByLabel("New password").fill("short")
    await page.getByRole("button", { name: "Change password" }).click()
    await page
      .getByText(/15 characters/u)
      .last()
      .waitFor()
    expect(await page.getByLabel("New password").getAttribute("aria-invalid")).toBe("true")
    await page.getByLabel("New password").fill("another lighthouse at night")
    await page.getByRole("button", { name: "Change password" }).click()
    await page.getByText("Every other session has ended").waitFor()
    await page.reload()
    await page.getByText("Password changed").waitFor()
    await page.getByRole("button", { name: "Delete account" }).click()
    await page.getByLabel("Your password").fill("another lighthouse at night")
    await page.getByRole("button", { name: "Delete it" }).click()
    await heading(page, "Sign in")
    expect(await http.post("/auth/login", { email, password: "another lighthouse at night" })).toMatchObject({
      status: 401
    })
    await person.close()
  })

  it("nobody is kept out by how a page is made", async () => {
    const person = await browser.person()
    const page = await person.newPage()
    for (const [path, name] of [
      ["/sign-in", "Sign in"],
      ["/register", "Make an account"]
    ] as const) {
      await page.goto(`${http.url}/#${path}`)
      await heading(page, name)
      expect(await barriers(page)).toEqual([])
    }
    await enter(page, someone(), "Register")
    for (const [path, name] of [
      ["/sessions", "Sessions"],
      ["/account", "Account"],
      ["/nowhere", "There is nothing here"]
    ] as const) {
      await page.goto(`${http.url}/#${path}`)
      await heading(page, name)
      expect(await barriers(page)).toEqual([])
    }
    await person.close()
  })

  it("on a telephone the way to the other pages is a menu, and no page is wider than the narrowest", async () => {
    const person = await browser.person({ viewport: { width: 320, height: 640 }, hasTouch: true })
    const page = await person.newPage()
    await page.goto(`${http.url}/#/register`)
    expect(await sideways(page)).toBe(0)
    await enter(page, someone(), "Register")
    const menu = page.getByRole("button", { name: "Menu" })
    for (const name of ["Images", "History", "Sessions", "Account"]) {
      await menu.click()
      await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name }).click()
      await heading(page, name)
      // It has closed behind whoever chose.
      await expect.poll(() => page.getByRole("navigation", { name: "Pages" }).count()).toBe(0)
      expect(await sideways(page)).toBe(0)
    }
    await menu.click()
    expect(await barriers(page)).toEqual([])
    await page.keyboard.press("Escape")
    expect(await menu.getAttribute("aria-expanded")).toBe("false")
    await menu.click()
    await page.getByRole("button", { name: "Sign out" }).click()
    await heading(page, "Sign in")
    await person.close()
  })
})
