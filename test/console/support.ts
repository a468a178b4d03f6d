import type { Page } from "playwright-core"
import { PASSWORD } from "../support/ada.ts"

let people = 0
export const someone = (): string => `person${people++}@example.com`

/** Fills the form of the entrance in and sends it. */
export const enter = async (page: Page, email: string, button: "Sign in" | "Register"): Promise<void> => {
  await page.getByLabel("Email").fill(email)
  await page.getByLabel("Password").fill(PASSWORD)
  await page.getByRole("button", { name: button }).click()
}

/** Makes an account, and is in. */
export const registerAt = async (page: Page, url: string): Promise<string> => {
  const email = someone()
  await page.goto(`${url}/#/register`)
  await enter(page, email, "Register")
  await page.getByRole("button", { name: "Sign out" }).waitFor()
  return email
}

/** What the browser complains about while it shows a page: refusals by the policy among them. */
export const complaints = (page: Page): ReadonlyArray<string> => {
  const heard: Array<string> = []
  page.on("console", (message) => {
    if (message.type() === "error") heard.push(message.text())
  })
  page.on("pageerror", (error) => heard.push(error.message))
  return heard
}
