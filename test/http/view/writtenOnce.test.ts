import { DateTime } from "effect"
import { expect, it } from "vitest"
import { Email } from "../../../src/domain/identity/Email.ts"
import { User, UserId } from "../../../src/domain/identity/User.ts"
import { writtenOnce } from "../../../src/http/view/writtenOnce.ts"

const user = (name: string) =>
  new User({
    id: UserId.make(name),
    email: Email.make(`${name}@example.com`),
    name: null,
    roles: [],
    disabled: false,
    createdAt: DateTime.makeUnsafe("2026-11-21T10:00:00Z"),
    lastLoginAt: null
  })

it("writes what is said of somebody again only when they or their grants are others", () => {
  let times = 0
  const write = writtenOnce(({ id }, grants) => {
    times += 1
    return `${id}: ${grants.join(" ")}`
  })
  const ada = user("ada")
  expect(write(ada, ["image:read"])).toBe("ada: image:read")
  expect(write(ada, ["image:read"])).toBe("ada: image:read")
  expect(times).toBe(1)
  expect(write(ada, [])).toBe("ada: ")
  expect(write(ada, ["image:carve"])).toBe("ada: image:carve")
  expect(write(user("ada"), ["image:carve"])).toBe("ada: image:carve")
  expect(write(user("bob"), ["image:carve"])).toBe("bob: image:carve")
  expect(times).toBe(5)
})
