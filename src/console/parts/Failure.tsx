import { Problem } from "../../client/client.ts"

const sentence = (failed: unknown): string => {
  if (!(failed instanceof Error)) return "Something went wrong"
  if (!(failed instanceof Problem) || failed.retryAfter === undefined) return failed.message
  const { retryAfter } = failed
  const wait = retryAfter > 90 ? `${Math.ceil(retryAfter / 60)} minutes` : `${retryAfter} seconds`
  return `${failed.message.replace(/\.$/u, "")}. Try again in ${wait}.`
}

/** Why something failed, said at once to those who listen. */
export const Failure = ({ failed }: { readonly failed: unknown }) =>
  failed === undefined ? null : (
    <div class="notice bad" role="alert">
      <p>{sentence(failed)}</p>
      {failed instanceof Problem && failed.status >= 500 && <p class="small">Request {failed.document.instance}</p>}
    </div>
  )
