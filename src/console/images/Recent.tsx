import { keyhole } from "../keyhole.ts"
import { Failure } from "../parts/Failure.tsx"
import { Icon } from "../parts/Icon.tsx"
import { useLoad } from "../parts/load.ts"
import { When } from "../parts/When.tsx"
import { to } from "../place.ts"

/** How far back images are looked for: every file that was carved is in the history, too. */
const BACK = 100
const MOST = 8

/** The images that were looked at last, each once. */
export const Recent = () => {
  const { value, failed, again } = useLoad(async () => {
    const { entries } = await keyhole.history({ limit: BACK })
    const seen = Map.groupBy(
      entries.filter(({ outcome }) => outcome === "success"),
      ({ image }) => image
    )
    return [...seen.values()].flatMap(([last]) => last ?? []).slice(0, MOST)
  })
  return (
    <>
      <Failure failed={failed} again={again} />
      {value?.length === 0 && <p class="empty">Nothing yet. Type an image’s name as docker pull takes it.</p>}
      <ul class="items">
        {value?.map(({ image, platform, at }) => (
          <li key={image} class="item">
            <Icon name="image" />
            <div class="grow">
              <p>
                <a class="mono" href={to("/images", { image, platform })}>
                  {image}
                </a>
              </p>
              <p class="small">{platform}</p>
            </div>
            <p class="small when">
              <When at={at} />
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}
