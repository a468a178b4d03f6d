import { Effect, Result, Schema } from "effect"
import { allowLocation, hostPort } from "../../domain/registry/egress.ts"
import { decodeJson } from "../../domain/registry/json.ts"
import { nextLink } from "../../domain/registry/link.ts"
import { isTag, repositoryOf } from "../../domain/registry/Reference.ts"
import { type RegistryError, RegistryNotAllowed, RegistryUnreachable } from "../../domain/registry/RegistryError.ts"
import type { TagPage } from "../../domain/registry/RegistrySession.ts"
import { gatherTags, type RegistryTags } from "../../domain/registry/tagPage.ts"
import { inTime, readBody } from "./body.ts"
import type { Client } from "./Client.ts"
import { refuseNotNow, retrying } from "./retry.ts"
import { refusal } from "./status.ts"

const LIMIT = 4 * 1024 * 1024

/** In one answer: a registry that knows nothing of pages sends all it has. */
const MOST_LISTED = 131_072

const TagList = Schema.Struct({ tags: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.String))) })

interface Page extends RegistryTags {
  /** How many were in the list, tags or not. */
  readonly listed: number
  readonly link?: URL
}

const fetchPage = (client: Client, url: URL): Effect.Effect<Page, RegistryError> =>
  Effect.gen(function* () {
    const { reference, settings } = client
    // A link may lead out of the repository, where its token has no business.
    const send = url.pathname.startsWith(client.base.pathname) ? client.send : client.sendBare
    const sent = yield* send({ method: "GET", url, hop: "registry", headers: { Accept: "application/json" } })
    const answer = yield* refuseNotNow(sent)
    if (answer.status !== 200) {
      return yield* refusal(answer, reference, repositoryOf(reference))
    }
    const body = yield* readBody(answer, LIMIT, settings.idleTimeout)
    const json = body === undefined ? Result.fail("too long") : decodeJson(body, MOST_LISTED)
    const list = Result.flatMap(json, Schema.decodeUnknownResult(TagList))
    if (Result.isFailure(list)) {
      return yield* new RegistryUnreachable({ host: answer.url.host, reason: "its list of tags cannot be read" })
    }
    // What is no tag nobody could ask for; and one as long as an answer may be, a hundred times, would fill the memory.
    const all = list.success.tags ?? []
    const tags = all.filter(isTag)
    const listed = all.length
    const next = nextLink(answer.fields("link"))
    if (next === undefined) return { tags, listed, hasMore: false }
    const link = yield* Effect.fromResult(allowLocation(next, "link", settings, answer.url))
    if (hostPort(link) !== hostPort(client.base)) {
      return yield* new RegistryNotAllowed({ host: link.host, hop: "link", reason: "it leads to another host" })
    }
    return { tags, listed, hasMore: true, link }
  }).pipe(Effect.scoped, inTime(client.settings, url.host), (work) => retrying(work, client.settings))

const MOST_PAGES = 100
const MOST_TAGS = 100_000

/** Lists tags (OCI Distribution 1.1, "Listing tags"), following the registry's own links until there are enough. */
export const fetchTags = Effect.fnUntraced(function* (
  client: Client,
  page: { readonly limit?: number; readonly last?: string }
) {
  const first = new URL("tags/list", client.base)
  if (page.limit !== undefined) first.searchParams.set("n", String(page.limit))
  if (page.last !== undefined) first.searchParams.set("last", page.last)
  const pages: Array<RegistryTags> = []
  let url: URL | undefined = first
  let read = 0
  let gathered: TagPage = { tags: [] }
  while (url !== undefined && pages.length < MOST_PAGES) {
    const fetched: Page = yield* fetchPage(client, url)
    pages.push(fetched)
    gathered = gatherTags(pages, page)
    // Answers that repeat themselves, or list what is no tag, bring nothing new however many there are.
    read += fetched.listed
    const isEnough = gathered.tags.length >= (page.limit ?? MOST_TAGS) || read >= MOST_TAGS
    url = isEnough ? undefined : fetched.link
  }
  return gathered
})
