import { setTimeout as pause } from "node:timers/promises"
import { PASSWORD } from "../../support/ada.ts"
import type { Answer } from "../../support/rest.ts"
import { type Cluster, type Instance } from "./cluster.ts"

/** How often something has to go through between two steps of a scenario. */
const SOME = 15
const PATIENCE = 90_000

/** How long somebody waits for an instance that was stopped, in milliseconds. */
const TIRED = 3000

/** An answer, or nothing where there was none in time: the connection was refused or broken off, the instance stopped. */
const attempted = async (asked: Promise<Answer>): Promise<Answer | undefined> => {
  const patience = new AbortController()
  const tired = pause(TIRED, undefined, { signal: patience.signal }).catch(() => undefined)
  try {
    return await Promise.race([asked, tired])
  } catch {
    return undefined
  } finally {
    patience.abort()
  }
}

/**
 * Signs in, calls and signs out on all instances at once, and knows of each token whether its revocation was acknowledged. A
 * call that is sent after the acknowledgement must be refused, by whichever instance, whatever is broken.
 */
export const traffic = async ({ instances }: Cluster, choose: (count: number) => number) => {
  const email = `ada${Math.trunc(performance.now() * 1000)}@example.com`
  const one = (): Instance => {
    const going = instances.filter(({ isStopped }) => !isStopped)
    const found = going[choose(going.length)]
    if (found === undefined) throw new Error("there is no such instance")
    return found
  }
  await one().rest.post("/auth/register", { email, password: PASSWORD })

  const live: Array<string> = []
  const revoked: Array<string> = []
  const wrong: Array<string> = []
  /** What only a lost database or instance may answer. */
  const refusals: Array<string> = []
  const state = { isOver: false }
  let happened: () => void = () => undefined

  const call = (instance: Instance, token: string) => attempted(instance.rest.get("/users/me", token))

  /** Answers that nobody waited for count as well. */
  const judgements: Array<Promise<void>> = []
  const judge = async (asked: Promise<Answer>, when: string) => {
    const answer = await asked.catch(() => undefined)
    if (answer?.status === 200) wrong.push(`accepted ${when}`)
  }
  const mustBeRefused = async (token: string, when: string) => {
    await Promise.all(
      instances.map(async (each) => {
        const asked = each.rest.get("/users/me", token)
        judgements.push(judge(asked, when))
        if (!each.isStopped) await attempted(asked)
      })
    )
  }

  const mustBeAccepted = async (token: string) => {
    const answer = await call(one(), token)
    if (answer === undefined || answer.status >= 500) refusals.push(`GET /users/me: ${answer?.status ?? "no answer"}`)
    else if (answer.status !== 200) wrong.push(`a live session was lost: ${JSON.stringify(answer.body)}`)
  }

  const turn = async () => {
    const signedIn = await attempted(one().rest.post("/auth/login", { email, password: PASSWORD }))
    if (signedIn?.status !== 200) {
      refusals.push(`POST /auth/login: ${signedIn?.status ?? "no answer"}`)
      return
    }
    const token = String(signedIn.body.access_token)
    await mustBeAccepted(token)
    if (choose(4) === 0) {
      live.push(token)
      return
    }
    // So that every instance has something to forget.
    await Promise.all(instances.filter(({ isStopped }) => !isStopped).map((each) => call(each, token)))
    const signedOut = await attempted(one().rest.post("/auth/logout", undefined, token))
    if (signedOut?.body.revoked === true) {
      revoked.push(token)
      await mustBeRefused(token, "after the answer")
      happened()
    } else refusals.push(`POST /auth/logout: ${signedOut?.status ?? "no answer"}`)
  }

  const worker = async () => {
    while (!state.isOver) await turn()
  }
  const workers = Array.from({ length: 4 }, worker)

  return {
    wrong,
    refusals,
    /** Resolves when that many more revocations were acknowledged. */
    some: (count = SOME) =>
      new Promise<void>((resolve, reject) => {
        const goal = revoked.length + count
        const late = setTimeout(() => reject(new Error(`no way on: ${refusals.slice(-5).join("; ")}`)), PATIENCE)
        happened = () => {
          if (revoked.length < goal) return
          clearTimeout(late)
          resolve()
        }
      }),
    /** Ends the traffic, and asks every instance about every token there was. */
    settle: async () => {
      state.isOver = true
      await Promise.all(workers)
      await Promise.all(judgements)
      for (const token of revoked) await mustBeRefused(token, "in the end")
      await Promise.all(judgements)
      for (const token of live) {
        for (const each of instances) {
          const answer = await call(each, token)
          if (answer?.status !== 200) wrong.push(`a live session is lost in the end: ${answer?.status ?? "no answer"}`)
        }
      }
      return { live: live.length, revoked: revoked.length }
    }
  }
}
