import type { SearchResults } from "../../client/client.ts"
import { keyhole } from "../keyhole.ts"
import { Icon } from "../parts/Icon.tsx"
import { More } from "../parts/More.tsx"
import { usePages } from "../parts/pages.ts"
import { sayBytes } from "../parts/say.ts"
import { to } from "../place.ts"

type Found = SearchResults["results"][number]

/** The image with exactly this content, whatever its tag has come to mean. */
const pinned = ({ image, digest }: Found): string => `${image.replace(/@.*$/u, "")}@${digest}`

const addressOf = (found: Found): string =>
  to("/images", {
    image: pinned(found),
    layer: String(found.layer),
    path: found.type === "dir" ? undefined : found.path
  })

/** Names in the images somebody has peeked at. */
export const FoundNames = ({ query }: { readonly query: string }) => {
  const pages = usePages(
    async (after) => {
      const { results, next } = await keyhole.search({ query, limit: 50, ...(after !== undefined && { after }) })
      return { items: results, next }
    },
    [query]
  )
  return (
    <>
      {pages.isEmpty && <p class="empty">No name in the images you have looked into has “{query}” in it.</p>}
      <ul class="items">
        {pages.items.map((found) => (
          <li class="item" key={`${found.image} ${found.digest} ${found.layer} ${found.path}`}>
            <Icon name={found.type === "dir" ? "folder" : "file"} />
            <div class="grow">
              <p>
                <a class="mono" href={addressOf(found)}>
                  {found.path}
                </a>
              </p>
              <p class="small">
                {found.image} · layer {found.layer}
                {found.type === "file" && ` · ${sayBytes(found.size)}`}
              </p>
            </div>
          </li>
        ))}
      </ul>
      <More pages={pages}>Search on</More>
    </>
  )
}
