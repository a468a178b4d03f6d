import { connect, type Kept, onShelf, Problem, type Shelf, type Store } from "keyhole/client"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { PASSWORD } from "../support/ada.ts"
import { type Http, newcomer, startHttp } from "../support/http.ts"
import { until } from "../support/until.ts"
import { shelf, watched } from "./support.ts"

let http: Http
beforeAll(async () => {
  http = await startHttp()
})
afterAll(() => http.stop())

let browsers = 0

/** Somebody with two tabs open. */
const twoTabs = async () => {
  const { email } = await newcomer(http)
  const shared: Shelf = shelf()
  const key = `tokens${browsers++}`
  const store = onShelf(shared, key)
  const network = watched()
  const tab = () => connect({ url: http.url, mode: "token", store: onShelf(shared, key), fetch: network.fetch })
  const [one, other] = [tab(), tab()]
  await one.signIn({ email, password: PASSWORD })
  await until(() => other.state.status === "signed-in")
  return { email, one, other, store, network }
}

const kept = (store: Store): Kept => {
  const found = store.load()
  if (found === undefined) throw new Error("nothing is kept")
  return found
}

/** Lets the access token that is kept be over by the client's own reckoning. */
const expire = (store: Store): void => store.save({ ...kept(store), expires_at: 0 })

describe("a client with tokens", () => {
  it("registers, says who is signed in, and calls in their name", async () => {
    const client = connect({ url: http.url, mode: "token" })
    expect(client.state).toEqual({ status: "unknown" })
    const user = await client.register({ email: "ada.token@example.com", password: PASSWORD, name: "Ada" })
    expect(client.state).toEqual({ status: "signed-in", user })
    expect(await client.me()).toMatchObject({ email: "ada.token@example.com", name: "Ada", roles: ["viewer"] })
    expect(await client.sessions()).toMatchObject([{ kind: "token", current: true }])
    await client.rename("Countess")
    expect(client.state).toMatchObject({ user: { name: "Countess" } })
  })

  it("throws problems as what they are, with their own members", async () => {
    const client = connect({ url: http.url, mode: "token" })
    const weak: unknown = await client.register({ email: "short@example.com", password: "short" }).catch((e) => e)
    expect(weak).toBeInstanceOf(Problem)
    if (!(weak instanceof Problem) || !weak.is("weak-password")) throw new Error("not the problem")
    expect(weak.document.errors).toHaveLength(1)
    expect(weak.at("/password")).toMatch(/15/u)
    await client.signIn({ email: (await newcomer(http)).email, password: PASSWORD })
    const forbidden: unknown = await client.users().catch((e) => e)
    if (!(forbidden instanceof Problem) || !forbidden.is("forbidden")) throw new Error("not the problem")
    expect(forbidden.document.permission).toBe("user:read")
    // Somebody who may not do a thing is still signed in.
    expect(client.state.status).toBe("signed-in")
  })

  it("exchanges its tokens once for all calls of all tabs at once, and nobody is signed out", async () => {
    const { one, other, store, network } = await twoTabs()
    const before = kept(store).refresh_token
    expire(store)
    const answers = await Promise.all([one, other, one, other, one].map((tab) => tab.me()))
    expect(answers).toHaveLength(5)
    expect(network.count("/auth/refresh")).toBe(1)
    expect(kept(store).refresh_token).not.toBe(before)
    expect([one.state.status, other.state.status]).toEqual(["signed-in", "signed-in"])
  })

  it("exchanges them when the service says that they have expired, and asks again", async () => {
    const { email } = await newcomer(http)
    let refused = 0
    const client = connect({
      url: http.url,
      mode: "token",
      fetch: (input, init) => {
        if (!input.endsWith("/users/me") || refused++ > 0) return fetch(input, init)
        const problem = { code: "token-expired", status: 401, detail: "Token has expired" }
        return Promise.resolve(Response.json(problem, { status: 401 }))
      }
    })
    await client.signIn({ email, password: PASSWORD })
    expect(await client.me()).toMatchObject({ email })
    expect(client.state.status).toBe("signed-in")
  })

  it("knows that its session was ended elsewhere, and keeps nothing of it", async () => {
    const { one, store } = await twoTabs()
    const states: Array<string> = []
    one.subscribe((state) => states.push(state.status))
    await http.post("/auth/logout", undefined, kept(store).access_token)
    await expect(one.me()).rejects.toMatchObject({ code: "token-revoked" })
    expect(one.state).toEqual({ status: "signed-out", because: "ended" })
    expect(store.load()).toBeUndefined()
    expect(states).toEqual(["signed-out"])
  })

  it("is signed in again by what a tab before it kept", async () => {
    const { email, one, store } = await twoTabs()
    const later = connect({ url: http.url, mode: "token", store })
    expect(await later.resume()).toMatchObject({ email })
    await one.logout()
    expect(await later.resume()).toBeUndefined()
    expect(later.state).toEqual({ status: "signed-out", because: "nobody" })
  })
})

describe("log-out", () => {
  it("closes the session, and every tab knows", async () => {
    const { one, other, store } = await twoTabs()
    const { access_token } = kept(store)
    expect(await one.logout()).toEqual({ revoked: true })
    await until(() => other.state.status === "signed-out")
    expect(store.load()).toBeUndefined()
    expect(await http.get("/users/me", access_token)).toMatchObject({ status: 401, body: { code: "token-revoked" } })
  })

  it("clears what is kept here before the service is asked, and though it never answers", async () => {
    const { one, other, store, network } = await twoTabs()
    network.cut()
    const leaving = one.logout()
    expect(store.load()).toBeUndefined()
    expect(one.state).toEqual({ status: "signed-out", because: "left" })
    expect(await leaving).toEqual({ revoked: false })
    await until(() => other.state.status === "signed-out")
  })

  it("is not undone by an exchange that was under way", async () => {
    const { one, store } = await twoTabs()
    const { access_token } = kept(store)
    expire(store)
    const asking = one.me().catch((error: unknown) => error)
    await one.logout()
    await asking
    expect(store.load()).toBeUndefined()
    expect(await http.get("/users/me", access_token)).toMatchObject({ status: 401 })
  })

  it("of all sessions ends this one too", async () => {
    const { one, store } = await twoTabs()
    expect((await one.logoutAll()).sessions_revoked).toBe(2)
    expect([one.state.status, store.load()]).toEqual(["signed-out", undefined])
  })
})
