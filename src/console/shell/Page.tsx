import { Account } from "../account/Account.tsx"
import { Sessions } from "../account/Sessions.tsx"
import { Title } from "../parts/Title.tsx"

export const Page = ({ path }: { readonly path: string }) => {
  if (path === "/sessions") return <Sessions />
  if (path === "/account") return <Account />
  return (
    <>
      <Title>There is nothing here</Title>
      <p>
        The address leads to no page of the console. <a href="#/sessions">Your sessions</a>
      </p>
    </>
  )
}
