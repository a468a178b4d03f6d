import type { ComponentChildren } from "preact"
import { useEffect, useRef, useState } from "preact/hooks"
import type { Grant, User } from "../../client/client.ts"
import { keyhole, may } from "../keyhole.ts"
import { Icon, type IconName } from "../parts/Icon.tsx"
import { toTitle } from "../parts/Title.tsx"
import { place } from "../place.ts"

interface Link {
  readonly path: string
  readonly name: string
  readonly icon: IconName
}

const OWN: ReadonlyArray<Link & { readonly asks?: Grant }> = [
  { path: "/images", name: "Images", icon: "image" },
  { path: "/history", name: "History", icon: "clock" },
  { path: "/registries", name: "Registries", icon: "box", asks: "registry:credential" },
  { path: "/sessions", name: "Sessions", icon: "device" },
  { path: "/account", name: "Account", icon: "person" }
]

const ADMINISTRATION: ReadonlyArray<Link & { readonly asks: Grant }> = [
  { path: "/administration/users", name: "Users", icon: "people", asks: "user:read" },
  { path: "/administration/roles", name: "Roles", icon: "badge", asks: "role:read" },
  { path: "/administration/events", name: "Events", icon: "list", asks: "event:read" },
  { path: "/administration/keys", name: "Keys", icon: "key", asks: "*" }
]

const Links = ({ links, onPick }: { readonly links: ReadonlyArray<Link>; readonly onPick: () => void }) => (
  <ul>
    {links.map(({ path, name, icon }) => (
      <li key={path}>
        <a href={`#${path}`} onClick={onPick} aria-current={place.value.path.startsWith(path) ? "page" : undefined}>
          <Icon name={icon} />
          {name}
        </a>
      </li>
    ))}
  </ul>
)

/** What somebody may administer, if anything. */
const Administration = ({ onPick }: { readonly onPick: () => void }) => {
  const links = ADMINISTRATION.filter(({ asks }) => may(asks))
  if (links.length === 0) return null
  return (
    <>
      <h2>Administration</h2>
      <Links links={links} onPick={onPick} />
    </>
  )
}

/** What stands around every page. On narrow screens the way to the others is a menu that opens. */
export const Frame = ({ user, children }: { readonly user: User; readonly children: ComponentChildren }) => {
  const [open, show] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const close = () => show(false)
  useEffect(close, [place.value])
  const press = (event: KeyboardEvent): void => {
    if (!open || event.key !== "Escape") return
    close()
    button.current?.focus()
  }
  return (
    <div class="frame">
      <a class="skip" href="#content" onClick={skip}>
        Skip to the page
      </a>
      <header class={open ? "bar open" : "bar"} onKeyDown={press}>
        <a class="brand" href="#/images">
          <Icon name="keyhole" />
          Keyhole
        </a>
        <button
          ref={button}
          type="button"
          class="quiet menu"
          aria-expanded={open}
          aria-controls="menu"
          onClick={() => show(!open)}
        >
          <Icon name={open ? "close" : "menu"} />
          Menu
        </button>
        <div class="panel" id="menu">
          <nav aria-label="Pages">
            <Links links={OWN.filter(({ asks }) => asks === undefined || may(asks))} onPick={close} />
            <Administration onPick={close} />
          </nav>
          <div class="whoami">
            <span class="who" title={user.email}>
              {user.name ?? user.email}
            </span>
            <button type="button" class="quiet" onClick={() => void keyhole.logout()}>
              Sign out
            </button>
          </div>
        </div>
      </header>
      <main id="content">{children}</main>
    </div>
  )
}

const skip = (event: Event): void => {
  event.preventDefault()
  toTitle()
}
