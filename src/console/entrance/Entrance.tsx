import type { ComponentChildren } from "preact"
import { Icon } from "../parts/Icon.tsx"
import { Title } from "../parts/Title.tsx"

/** What stands around the forms for those who are not in yet. */
export const Entrance = ({ title, children }: { readonly title: string; readonly children: ComponentChildren }) => (
  <main class="entrance" id="content">
    <p class="brand">
      <Icon name="keyhole" />
      Keyhole
    </p>
    <Title>{title}</Title>
    {children}
  </main>
)
