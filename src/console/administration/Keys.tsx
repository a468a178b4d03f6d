import { keyhole } from "../keyhole.ts"
import { Failure } from "../parts/Failure.tsx"
import { Icon } from "../parts/Icon.tsx"
import { useLoad } from "../parts/load.ts"
import { Title } from "../parts/Title.tsx"

export const Keys = () => {
  const { value, failed, again } = useLoad(() => keyhole.publicKeys())
  return (
    <>
      <Title>Keys</Title>
      <p class="lead">
        The public keys that verify tokens: the one that signs, the next one, and those that retire.{" "}
        <code>keyhole keys list</code> tells which is which. They take turns by themselves;{" "}
        <code>keyhole keys rotate</code> does it at once.
      </p>
      <Failure failed={failed} again={again} />
      <ul class="items">
        {value?.keys.map(({ kid, alg }) => (
          <li class="item" key={kid}>
            <Icon name="key" />
            <div class="grow">
              <p class="mono">{kid}</p>
            </div>
            <p class="small when">{alg}</p>
          </li>
        ))}
      </ul>
    </>
  )
}
