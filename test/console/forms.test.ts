import type { Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { PASSWORD } from "../support/ada.ts"
import { focused, startBrowser } from "../support/chromium.ts"
import { type Http, startHttp } from "../support/http.ts"
import { registerAt, someone } from "./support.ts"

const INSTALLING = 300_000

let http: Http
let browser: Awaited<ReturnType<typeof startBrowser>>
let page: Page
beforeAll(async () => {
  ;[http, browser] = await Promise.all([startHttp(), startBrowser()])
  page = await (await browser.person()).newPage()
}, INSTALLING)
afterAll(async () => {
  await browser.stop()
  await http.stop()
})

const send = async (button: string) => {
  await page.getByRole("button", { name: button }).focus()
  await page.keyboard.press("Enter")
}

describe("a form, by keyboard alone", () => {
  it("leads whoever sent it to the field that is wrong, and says what is wrong there and nowhere else", async () => {
    await page.goto(`${http.url}/#/register`)
    await page.getByLabel("Email").fill(someone())
    await page.getByLabel("Name").fill("n".repeat(101))
    await page.getByLabel("Password").fill(PASSWORD)
    await send("Register")
    await expect.poll(() => focused(page)).toBe("name")
    await page.getByText(/^Expected 1 to 100 characters/u).waitFor()
    expect(await page.getByRole("alert").count()).toBe(0)
    await page.getByLabel("Name").fill("")
    await page.getByLabel("Password").fill("short")
    await send("Register")
    await expect.poll(() => focused(page)).toBe("password")
  })

  it("keeps the keyboard where it is when what is wrong is about no field", async () => {
    await page.goto(`${http.url}/#/sign-in`)
    await page.getByLabel("Email").fill(someone())
    await page.getByLabel("Password").fill(PASSWORD)
    await send("Sign in")
    await page.getByRole("alert").waitFor()
    expect(await focused(page)).toBe("Sign in")
  })

  it("tells that an address is taken at the address, and that a password is wrong at the password", async () => {
    const email = await registerAt(page, http.url)
    await page.goto(`${http.url}/#/account`)
    await page.getByLabel("Current password").fill("not the password at all")
    await page.getByLabel("New password").fill("another lighthouse at night")
    await send("Change password")
    await expect.poll(() => focused(page)).toBe("current_password")
    await page.getByRole("button", { name: "Sign out" }).click()
    await page.goto(`${http.url}/#/register`)
    await page.getByLabel("Email").fill(email)
    await page.getByLabel("Password").fill(PASSWORD)
    await send("Register")
    await expect.poll(() => focused(page)).toBe("email")
  })

  it("shows a password to who wants to see it", async () => {
    await page.goto(`${http.url}/#/sign-in`)
    const password = page.getByLabel("Password")
    await page.getByRole("button", { name: "Show" }).click()
    expect(await password.getAttribute("type")).toBe("text")
    await page.getByRole("button", { name: "Show", pressed: true }).click()
    expect(await password.getAttribute("type")).toBe("password")
  })
})

it("who ends a session is led to the heading, since the button is gone, and hears that it is done", async () => {
  const email = await registerAt(page, http.url)
  await http.post("/auth/login", { email, password: PASSWORD })
  await page.goto(`${http.url}/#/sessions`)
  await page.getByRole("button", { name: /^End the session/u }).focus()
  await page.keyboard.press("Enter")
  await page.getByRole("status").getByText("The session has ended.").waitFor()
  await expect.poll(() => focused(page)).toBe("Sessions")
})

it("who asks for an image by keyboard stays in the line, whatever the registry answers", async () => {
  await page.goto(`${http.url}/#/images`)
  await page.getByLabel("Image reference").fill("127.0.0.1:1/nothing/there")
  await page.keyboard.press("Enter")
  await page.getByRole("alert").waitFor()
  expect(await focused(page)).toBe("image")
})

it("what failed because the service was gone can be tried again", async () => {
  await page.route("**/sessions", (route) => route.abort())
  await page.goto(`${http.url}/#/sessions`)
  await page.getByText("The service cannot be reached").waitFor()
  await page.unroute("**/sessions")
  await page.getByRole("button", { name: "Try again" }).click()
  await page.getByText("This one").waitFor()
})
