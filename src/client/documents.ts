import type { RoleDocument, RolesDocument } from "../http/api/roles.ts"
import type { MembersDocument } from "../http/api/users.ts"
import type { MemberDocument, SessionDocument, TokensDocument, UserDocument } from "../http/api/documents.ts"
import type { EventsDocument } from "../http/api/events.ts"
import type { EntryDocument, ListingLine, ManifestDocument, TagsDocument } from "../http/api/imageDocuments.ts"
import type { HistoryDocument, SearchDocument } from "../http/api/looks.ts"
import type { ProblemCodes } from "../http/api/problem/catalogue.ts"
import type { MembersByCode } from "../http/api/problem/schemas.ts"
import type { RegistriesDocument } from "../http/api/registries.ts"
import type { PublicKeysDocument } from "../http/api/service.ts"

// The documents as they come over the wire, times as RFC 3339 text: taken from the declaration that the service decodes
// and encodes with, and as types only, so that nothing of a server comes along. Nothing else of the client names the
// declaration: for whoever installs the client, this file is written anew without it (packages/client).

export type User = typeof UserDocument.Encoded
export type Tokens = typeof TokensDocument.Encoded
export type Session = typeof SessionDocument.Encoded

export type Events = typeof EventsDocument.Encoded
export type SecurityEvent = Events["events"][number]
export type EventType = SecurityEvent["type"]

export type Members = typeof MembersDocument.Encoded
export type Member = typeof MemberDocument.Encoded
export type Roles = typeof RolesDocument.Encoded
export type Role = typeof RoleDocument.Encoded
export type Grant = Role["permissions"][number]
export type PublicKeys = typeof PublicKeysDocument.Encoded
export type Registries = typeof RegistriesDocument.Encoded

export type Tags = typeof TagsDocument.Encoded
export type Manifest = typeof ManifestDocument.Encoded
export type Entry = typeof EntryDocument.Encoded
export type History = typeof HistoryDocument.Encoded
export type SearchResults = typeof SearchDocument.Encoded

/** A line of a listing that is told while it is read. */
export type Line = typeof ListingLine.Encoded
export type Progress = Extract<Line, { readonly progress: unknown }>["progress"]
export type Summary = Extract<Line, { readonly summary: unknown }>["summary"]

export type ProblemCode = typeof ProblemCodes.Encoded
/** What problems say beyond RFC 9457 §3.1, by code. */
export type ProblemMembers = typeof MembersByCode.Encoded
/** What is wrong with one place of the input; `pointer` is an RFC 6901 pointer into the body or the query. */
export type InputError = ProblemMembers["weak-password"]["errors"][number]
