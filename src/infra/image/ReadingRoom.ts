import { Clock, Context, Deferred, Effect, Layer, Metric } from "effect"
import { type Admission, arrive, nextToBegin, nobody, type Place, type Readings } from "../../domain/image/admission.ts"
import { ReadingRoom, ReadingRoomFull } from "../../domain/image/ReadingRoom.ts"
import { secondsUntilRoom } from "../../domain/secondsUntilRoom.ts"
import { ReadingRoomSettings } from "./ReadingRoomSettings.ts"

const without = (places: ReadonlyArray<Place>, ticket: number) => places.filter((place) => place.ticket !== ticket)

const readingsNow = Metric.gauge("keyhole_readings", { description: "Readings of images at work and waiting" })
const running = Metric.withAttributes(readingsNow, { state: "running" })
const waiting = Metric.withAttributes(readingsNow, { state: "waiting" })
const noServices = Context.empty()

const count = (readings: Readings): void => {
  running.updateUnsafe(readings.running.length, noServices)
  waiting.updateUnsafe(readings.waiting.length, noServices)
}

/** A reading room of this process. */
export const readingRoom = (admission: Admission): ReadingRoom => {
  const turns = new Map<number, Deferred.Deferred<void>>()
  let readings: Readings = nobody
  let tickets = 0
  count(readings)
  let lastMillis = 0

  const admit = (place: Place): void => {
    readings = { running: [...readings.running, place], waiting: without(readings.waiting, place.ticket) }
    const turn = turns.get(place.ticket)
    if (turn !== undefined) Deferred.doneUnsafe(turn, Effect.void)
  }

  const admitNext = (): void => {
    for (let next = nextToBegin(readings, admission); next !== undefined; next = nextToBegin(readings, admission)) {
      admit(next)
    }
  }

  const leave = (ticket: number): void => {
    turns.delete(ticket)
    readings = { running: without(readings.running, ticket), waiting: without(readings.waiting, ticket) }
    admitNext()
    count(readings)
  }

  const come = (user: string) =>
    Effect.suspend(() => {
      const outcome = arrive(readings, user, admission)
      if (outcome === "refuse") {
        const retryAfter = secondsUntilRoom(readings.waiting.length, admission.atOnce, lastMillis)
        return Effect.fail(new ReadingRoomFull({ retryAfter }))
      }
      const place = { ticket: ++tickets, user }
      const turn = Deferred.makeUnsafe<void>()
      turns.set(place.ticket, turn)
      readings = { ...readings, waiting: [...readings.waiting, place] }
      if (outcome === "begin") admit(place)
      count(readings)
      return Effect.succeed({ ticket: place.ticket, turn })
    })

  return {
    enter: (user) =>
      Effect.gen(function* () {
        const { ticket, turn } = yield* Effect.acquireRelease(come(user), (place) =>
          Effect.sync(() => leave(place.ticket))
        )
        yield* Deferred.await(turn)
        const gone = Effect.sync(() => leave(ticket))
        const start = yield* Clock.currentTimeMillis
        return Effect.flatMap(Clock.currentTimeMillis, (now) => {
          lastMillis = now - start
          return gone
        })
      })
  }
}

export const layer = Layer.effect(ReadingRoom, Effect.map(ReadingRoomSettings, readingRoom))
