import { fc, test } from "@fast-check/vitest"
import { describe, expect } from "vitest"
import { asOwnerSees } from "../../../src/domain/event/asOwnerSees.ts"
import { EventId, EventType, SecurityEvent } from "../../../src/domain/event/SecurityEvent.ts"
import { UserId } from "../../../src/domain/identity/User.ts"
import { instant, sessionId } from "../../support/arbitrary.ts"

const [ada, root] = [UserId.make("ada"), UserId.make("root")]

const event = fc
  .record({
    type: fc.constantFrom(...EventType.literals),
    at: instant,
    outcome: fc.constantFrom("success" as const, "failure" as const),
    actorId: fc.constantFrom(ada, root, null),
    sessionId: fc.option(sessionId),
    ipAddress: fc.option(fc.ipV4()),
    userAgent: fc.option(fc.string()),
    detail: fc.dictionary(fc.constantFrom("reason", "host", "granted"), fc.string())
  })
  .map((fields) => new SecurityEvent({ ...fields, id: EventId.make("one"), userId: ada }))

describe("an event as its owner sees it", () => {
  test.prop([event])("tells what happened, when, how it ended and who did it", (whole) => {
    const { id, type, at, outcome, userId, actorId } = whole
    expect(asOwnerSees(whole)).toMatchObject({ id, type, at, outcome, userId, actorId })
  })

  test.prop([event])("tells nothing that the event does not", (whole) => {
    const seen = asOwnerSees(whole)
    for (const name of ["sessionId", "ipAddress", "userAgent"] as const)
      expect([whole[name], null]).toContain(seen[name])
    expect([whole.detail, {}]).toContainEqual(seen.detail)
  })

  test.prop([event])("tells from where they did it themselves, and of nobody else", (whole) => {
    const { ipAddress, userAgent } = asOwnerSees(whole)
    const isOwn = whole.actorId === ada
    expect({ ipAddress, userAgent }).toEqual({
      ipAddress: isOwn ? whole.ipAddress : null,
      userAgent: isOwn ? whole.userAgent : null
    })
  })

  test.prop([event])("tells no session of another's, but which of theirs another closed", (whole) => {
    const shown = whole.actorId === ada || whole.type === "session.closed"
    expect(asOwnerSees(whole).sessionId).toBe(shown ? whole.sessionId : null)
  })

  test.prop([event])("tells the details, but of what is for operators alone", (whole) => {
    const forOperators = ["sign-in.failed", "password.changed", "user.deleted", "role.changed", "key.rotated"]
    expect(asOwnerSees(whole).detail).toEqual(forOperators.includes(whole.type) ? {} : whole.detail)
  })

  test.prop([event])("never tells why a sign-in failed", (whole) => {
    const failed = new SecurityEvent({ ...whole, type: "sign-in.failed" })
    expect(asOwnerSees(failed).detail).toEqual({})
  })
})
