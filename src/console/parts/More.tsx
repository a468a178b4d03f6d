import { Failure } from "./Failure.tsx"
import type { Pages } from "./pages.ts"

/** What stands below a list that comes in pages. */
export const More = ({ pages, children }: { readonly pages: Pages<unknown>; readonly children: string }) => (
  <>
    <Failure failed={pages.failed} again={pages.again} />
    {pages.more !== undefined && (
      <button type="button" class="plain more" aria-disabled={pages.busy} onClick={pages.busy ? undefined : pages.more}>
        {children}
      </button>
    )}
  </>
)
