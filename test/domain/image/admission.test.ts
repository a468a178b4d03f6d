import { fc, test } from "@fast-check/vitest"
import { describe, expect } from "vitest"
import { type Admission, arrive, nextToBegin, nobody, type Readings } from "../../../src/domain/image/admission.ts"

const admissions = fc.record({ atOnce: fc.integer({ min: 1, max: 6 }), queue: fc.integer({ min: 0, max: 4 }) })
/** Somebody comes, or one of those that are at work is done. */
const events = fc.array(
  fc.oneof(fc.record({ user: fc.constantFrom("ada", "bob", "eve") }), fc.record({ done: fc.nat({ max: 5 }) })),
  { maxLength: 80 }
)

const admitAll = (readings: Readings, admission: Admission): Readings => {
  const next = nextToBegin(readings, admission)
  if (next === undefined) return readings
  const waiting = readings.waiting.filter(({ ticket }) => ticket !== next.ticket)
  return admitAll({ running: [...readings.running, next], waiting }, admission)
}

const after = (
  event: typeof events extends fc.Arbitrary<Array<infer E>> ? E : never,
  at: number,
  readings: Readings,
  admission: Admission
): Readings => {
  if ("done" in event) {
    const running = readings.running.toSpliced(event.done % Math.max(1, readings.running.length), 1)
    return admitAll({ ...readings, running }, admission)
  }
  const place = { ticket: at, user: event.user }
  const outcome = arrive(readings, event.user, admission)
  if (outcome === "refuse") return readings
  return outcome === "begin"
    ? { ...readings, running: [...readings.running, place] }
    : { ...readings, waiting: [...readings.waiting, place] }
}

const count = (places: Readings["running"], user: string) => places.filter((place) => place.user === user).length

describe("admission to reading", () => {
  test.prop([admissions, events])(
    "keeps to its bounds, and leaves no place free that somebody may have",
    (admission, all) => {
      let readings = nobody
      for (const [at, event] of all.entries()) {
        readings = after(event, at, readings, admission)
        expect(readings.running.length).toBeLessThanOrEqual(admission.atOnce)
        for (const user of ["ada", "bob", "eve"]) {
          expect(count(readings.running, user)).toBeLessThanOrEqual(Math.ceil(admission.atOnce / 2))
          expect(count(readings.waiting, user)).toBeLessThanOrEqual(admission.queue)
        }
        expect(nextToBegin(readings, admission)).toBeUndefined()
      }
    }
  )

  const users = fc.constantFrom("ada", "bob", "eve")
  const crowds = fc
    .record({ running: fc.array(users, { maxLength: 5 }), waiting: fc.array(users, { maxLength: 8 }) })
    .map(
      ({ running, waiting }): Readings => ({
        running: running.map((user, ticket) => ({ ticket, user })),
        waiting: waiting.map((user, ticket) => ({ ticket: 100 + ticket, user }))
      })
    )

  test.prop([crowds, admissions])(
    "goes to who came first of those that have the fewest places",
    (readings, admission) => {
      const { running, waiting } = readings
      const mayHave = (user: string) => count(running, user) < Math.ceil(admission.atOnce / 2)
      const entitled = running.length < admission.atOnce ? waiting.filter(({ user }) => mayHave(user)) : []
      const fewest = Math.min(...entitled.map(({ user }) => count(running, user)))
      expect(nextToBegin(readings, admission)).toBe(entitled.find(({ user }) => count(running, user) === fewest))
    }
  )

  test.prop([crowds, admissions, users])(
    "lets begin who finds a place free that they may have",
    (readings, admission, user) => {
      const isFree = readings.running.length < admission.atOnce
      const mayHave = count(readings.running, user) < Math.ceil(admission.atOnce / 2)
      expect(arrive(readings, user, admission) === "begin").toBe(isFree && mayHave)
    }
  )

  test("a user with many waiting holds up nobody else", () => {
    const admission = { atOnce: 2, queue: 10 }
    const running = [
      { ticket: 1, user: "eve" },
      { ticket: 2, user: "bob" }
    ]
    const waiting = [3, 4, 5].map((ticket) => ({ ticket, user: "eve" }))
    expect(arrive({ running, waiting }, "ada", admission)).toBe("wait")
    const readings = { running: running.slice(0, 1), waiting: [...waiting, { ticket: 6, user: "ada" }] }
    expect(nextToBegin(readings, admission)).toEqual({ ticket: 6, user: "ada" })
  })

  test("a user has as many waiting as the queue is long, and no more", () => {
    const readings = (waiting: number): Readings => ({
      running: [{ ticket: 0, user: "eve" }],
      waiting: Array.from({ length: waiting }, (_, at) => ({ ticket: at + 1, user: "ada" }))
    })
    const asked = (waiting: number, user: string) => arrive(readings(waiting), user, { atOnce: 1, queue: 2 })
    expect([asked(1, "ada"), asked(2, "ada"), asked(2, "bob")]).toEqual(["wait", "refuse", "wait"])
  })

  test("all queues together are bounded too", () => {
    const waiting = Array.from({ length: 16 }, (_, ticket) => ({ ticket, user: `user ${ticket}` }))
    const running = [{ ticket: 99, user: "eve" }]
    expect(arrive({ running, waiting }, "ada", { atOnce: 1, queue: 1 })).toBe("refuse")
    expect(arrive({ running, waiting: waiting.slice(1) }, "ada", { atOnce: 1, queue: 1 })).toBe("wait")
  })
})
