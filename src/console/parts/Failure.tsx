import { Problem } from "../../client/client.ts"

const sentence = (failed: unknown): string => {
  if (!(failed instanceof Error)) return "Something went wrong"
  if (!(failed instanceof Problem)) return failed.message
  // People know nothing of the pointers that programs are given.
  const said = failed.document.errors?.map(({ detail }) => detail).join("; ") ?? failed.message
  const { retryAfter } = failed
  if (retryAfter === undefined) return said
  const wait = retryAfter > 90 ? `${Math.ceil(retryAfter / 60)} minutes` : `${retryAfter} seconds`
  return `${said.replace(/\.$/u, "")}. Try again in ${wait}.`
}

const isPassing = (failed: unknown): boolean => !(failed instanceof Problem) || failed.status >= 500

/** Why something failed, said at once to those who listen; and the way to try it again, where that may help. */
export const Failure = ({ failed, again }: { readonly failed: unknown; readonly again?: () => unknown }) =>
  failed === undefined ? null : (
    <div class="notice bad" role="alert">
      <p>{sentence(failed)}</p>
      {failed instanceof Problem && failed.status >= 500 && <p class="small">Request {failed.document.instance}</p>}
      {again !== undefined && isPassing(failed) && (
        <button type="button" class="plain" onClick={() => void again()}>
          Try again
        </button>
      )}
    </div>
  )
