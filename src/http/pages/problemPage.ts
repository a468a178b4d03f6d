import { catalogue, type ProblemCode } from "../api/problem/catalogue.ts"
import type { Reply } from "../Reply.ts"
import { escapeHtml, page } from "./page.ts"

const withCode = (text: string): string => escapeHtml(text).replaceAll(/`([^`]+)`/gu, "<code>$1</code>")

/** The page a problem's `type` leads to. */
export const problemPage = (code: ProblemCode): Reply => {
  const { title, statuses, explanation } = catalogue[code]
  return page(
    title,
    `<main>
<h1>${escapeHtml(title)}</h1>
<p class="code"><code>${code}</code>, status ${statuses.join(", ")}</p>
<p>${withCode(explanation)}</p>
<p>Every problem is <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a> JSON with <code>type</code>, <code>title</code>,
<code>status</code>, <code>detail</code>, <code>code</code> and <code>instance</code>. What each call may answer is in the
<a href="/docs">description of the API</a>.</p>
</main>`
  )
}
