import { Agent, type ClientRequest, request } from "node:http"
import { text } from "node:stream/consumers"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { PASSWORD, ada } from "../support/ada.ts"
import { rest } from "../support/rest.ts"
import { type Service, startService } from "../support/service.ts"
import { disposableFolder } from "../support/temporaryFolder.ts"

const CHEAP_HASHING = { KEYHOLE_ARGON2_MEMORY: "8192", KEYHOLE_ARGON2_TIME: "1" }
const VISITORS = 24
const BEFORE_THE_END = 400

interface Answer {
  readonly status: number | undefined
  readonly body: string
}

/** Nobody had accepted the connection: the request was never begun. */
class NotAccepted extends Error {}

const answered = (asked: ClientRequest, body: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    asked.once("response", (response) => {
      text(response).then((whole) => resolve({ status: response.statusCode, body: whole }), reject)
    })
    asked.once("error", (error: NodeJS.ErrnoException) => {
      const isNew = !asked.reusedSocket && (error.code === "ECONNREFUSED" || error.code === "ECONNRESET")
      reject(isNew ? new NotAccepted(error.message) : error)
    })
    asked.end(body)
  })

describe("a service that is told to end while it is in use", () => {
  const folder = disposableFolder()
  let service: Service

  beforeAll(async () => {
    service = await startService({ KEYHOLE_DATA_DIR: folder.path, ...CHEAP_HASHING })
  })
  afterAll(() => folder[Symbol.dispose]())

  it("answers every request that it has accepted, whole, and ends with status 0", async () => {
    const { post } = rest(service.url)
    // Somebody else's sign-ins: the eleventh closes the oldest session of its account.
    const account = { email: "bob@example.com", password: PASSWORD }
    await post("/auth/register", account)
    const { body } = await post("/auth/register", ada)
    const agent = new Agent({ keepAlive: true, maxSockets: VISITORS })
    const headers = { authorization: `Bearer ${body.access_token}`, "content-type": "application/json" }
    const read = () => answered(request(`${service.url}/users/me`, { agent, headers }), "")
    const signIn = () =>
      answered(request(`${service.url}/auth/login`, { agent, headers, method: "POST" }), JSON.stringify(account))

    const answers: Array<Answer> = []
    const enough = Promise.withResolvers<void>()
    const visitor = async (visit: () => Promise<Answer>): Promise<void> => {
      try {
        for (;;) {
          answers.push(await visit())
          if (answers.length === BEFORE_THE_END) enough.resolve()
        }
      } catch (error) {
        if (!(error instanceof NotAccepted)) throw error
      }
    }
    const visitors = Promise.all(Array.from({ length: VISITORS }, (_, at) => visitor(at % 6 === 0 ? signIn : read)))
    await Promise.race([enough.promise, visitors])
    const status = await service.end("SIGTERM")
    await visitors
    agent.destroy()

    expect(status).toBe(0)
    expect(answers.length).toBeGreaterThan(BEFORE_THE_END)
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]))
    for (const answer of answers) expect(JSON.parse(answer.body)).toBeTypeOf("object")
  })
})
