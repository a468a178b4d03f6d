import { connect } from "keyhole/client"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { PASSWORD } from "../support/ada.ts"
import { type Http, newcomer, startHttp } from "../support/http.ts"
import { until } from "../support/until.ts"
import { browserFetch, shelf, watched } from "./support.ts"

let http: Http
beforeAll(async () => {
  http = await startHttp()
})
afterAll(() => http.stop())

let browsers = 0

/** A browser, whose tabs share its cookies and its storage. */
const browser = () => {
  const network = watched(browserFetch(http.url))
  const shared = shelf()
  const name = `cookies${browsers++}`
  const tab = () =>
    connect({ url: http.url, mode: "cookie", cookies: "include", shelf: shared, name, fetch: network.fetch })
  return { network, shared, tab }
}

describe("a client with a cookie", () => {
  it("keeps nothing a script could read, and is signed in again by the cookie alone", async () => {
    const { email } = await newcomer(http)
    const { tab, shared } = browser()
    const one = tab()
    expect(await one.resume()).toBeUndefined()
    await one.signIn({ email, password: PASSWORD })
    expect(shared.size()).toBe(0)
    expect(await tab().resume()).toMatchObject({ email })
    expect(await one.sessions()).toContainEqual(expect.objectContaining({ kind: "cookie", current: true }))
  })

  it("registers into one session, of a cookie", async () => {
    const one = browser().tab()
    await one.register({ email: "ada.cookie@example.com", password: PASSWORD })
    expect(await one.sessions()).toMatchObject([{ kind: "cookie", current: true }])
  })

  it("tells other tabs who signed in, and that they signed out", async () => {
    const { email } = await newcomer(http)
    const { tab } = browser()
    const [one, other] = [tab(), tab()]
    await one.signIn({ email, password: PASSWORD })
    await until(() => other.state.status === "signed-in")
    expect(await other.logout()).toEqual({ revoked: true })
    await until(() => one.state.status === "signed-out")
    await expect(one.me()).rejects.toMatchObject({ code: "token-missing" })
  })

  it("is signed out though nobody heard, and has the service hear it before anybody is signed in again", async () => {
    const { email } = await newcomer(http)
    const { tab, network } = browser()
    const one = tab()
    await one.signIn({ email, password: PASSWORD })
    network.cut()
    expect(await one.logout()).toEqual({ revoked: false })
    expect(one.state).toEqual({ status: "signed-out", because: "left" })
    // The browser still has the cookie, and a page that is loaded now could use it.
    expect(await tab().resume()).toBeUndefined()
    network.mend()
    expect(await tab().resume()).toBeUndefined()
    expect(network.count("/auth/logout")).toBe(3)
    expect(await one.signIn({ email, password: PASSWORD })).toMatchObject({ email })
    const kinds = (await one.sessions()).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === "cookie")).toHaveLength(1)
  })

  it("forgets an account that is deleted", async () => {
    const { email } = await newcomer(http)
    const one = browser().tab()
    await one.signIn({ email, password: PASSWORD })
    await expect(one.deleteAccount("not the password")).rejects.toMatchObject({ code: "wrong-password" })
    expect(one.state.status).toBe("signed-in")
    await one.deleteAccount(PASSWORD)
    expect(one.state.status).toBe("signed-out")
    await expect(one.signIn({ email, password: PASSWORD })).rejects.toMatchObject({ code: "invalid-credentials" })
  })
})
