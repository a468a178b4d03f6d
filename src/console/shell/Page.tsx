import { Account } from "../account/Account.tsx"
import { Sessions } from "../account/Sessions.tsx"
import { Registries } from "../account/Registries.tsx"
import { Events } from "../administration/Events.tsx"
import { Keys } from "../administration/Keys.tsx"
import { Roles } from "../administration/Roles.tsx"
import { Users } from "../administration/Users.tsx"
import { History } from "../images/History.tsx"
import { Images } from "../images/Images.tsx"
import { Title } from "../parts/Title.tsx"

export const Page = ({ path }: { readonly path: string }) => {
  if (path === "/images") return <Images />
  if (path === "/history") return <History />
  if (path === "/registries") return <Registries />
  if (path === "/sessions") return <Sessions />
  if (path === "/administration/users") return <Users />
  if (path === "/administration/roles") return <Roles />
  if (path === "/administration/events") return <Events />
  if (path === "/administration/keys") return <Keys />
  if (path === "/account") return <Account />
  return (
    <>
      <Title>There is nothing here</Title>
      <p>
        The address leads to no page of the console. <a href="#/images">Look into an image</a>
      </p>
    </>
  )
}
