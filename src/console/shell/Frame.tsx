import type { ComponentChildren } from "preact"
import type { Grant, User } from "../../client/client.ts"
import { keyhole, may } from "../keyhole.ts"
import { Icon, type IconName } from "../parts/Icon.tsx"
import { place } from "../place.ts"

interface Link {
  readonly path: string
  readonly name: string
  readonly icon: IconName
}

const OWN: ReadonlyArray<Link> = [
  { path: "/images", name: "Images", icon: "image" },
  { path: "/history", name: "History", icon: "clock" },
  { path: "/sessions", name: "Sessions", icon: "device" },
  { path: "/account", name: "Account", icon: "person" }
]

const ADMINISTRATION: ReadonlyArray<Link & { readonly asks: Grant }> = [
  { path: "/administration/users", name: "Users", icon: "people", asks: "user:read" },
  { path: "/administration/roles", name: "Roles", icon: "badge", asks: "role:read" },
  { path: "/administration/events", name: "Events", icon: "list", asks: "event:read" },
  { path: "/administration/keys", name: "Keys", icon: "key", asks: "*" }
]

const Links = ({ links }: { readonly links: ReadonlyArray<Link> }) => (
  <ul>
    {links.map(({ path, name, icon }) => (
      <li key={path}>
        <a href={`#${path}`} aria-current={place.value.path.startsWith(path) ? "page" : undefined}>
          <Icon name={icon} />
          {name}
        </a>
      </li>
    ))}
  </ul>
)

/** What somebody may administer, if anything. */
const Administration = () => {
  const links = ADMINISTRATION.filter(({ asks }) => may(asks))
  if (links.length === 0) return null
  return (
    <>
      <h2>Administration</h2>
      <Links links={links} />
    </>
  )
}

/** What stands around every page. */
export const Frame = ({ user, children }: { readonly user: User; readonly children: ComponentChildren }) => (
  <div class="frame">
    <a class="skip" href="#content" onClick={skip}>
      Skip to the page
    </a>
    <header class="bar">
      <a class="brand" href="#/images">
        <Icon name="keyhole" />
        Keyhole
      </a>
      <nav aria-label="Pages">
        <Links links={OWN} />
        <Administration />
      </nav>
      <div class="whoami">
        <span class="who" title={user.email}>
          {user.name ?? user.email}
        </span>
        <button type="button" class="quiet" onClick={() => void keyhole.logout()}>
          Sign out
        </button>
      </div>
    </header>
    <main id="content">{children}</main>
  </div>
)

const skip = (event: Event): void => {
  event.preventDefault()
  document.querySelector<HTMLElement>("main h1")?.focus()
}
