import { Failure } from "./Failure.tsx"
import type { Pages } from "./pages.ts"

/** What stands below a list that comes in pages. */
export const More = ({ pages, children }: { readonly pages: Pages<unknown>; readonly children: string }) => (
  <>
    <Failure failed={pages.failed} />
    {pages.more !== undefined && (
      <button type="button" class="plain more" disabled={pages.busy} onClick={pages.more}>
        {children}
      </button>
    )}
  </>
)
