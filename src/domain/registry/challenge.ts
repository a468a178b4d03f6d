/** What a registry asks for before it answers (RFC 7617, RFC 6750, Distribution token specification). */
export type Challenge = BasicChallenge | BearerChallenge

interface BasicChallenge {
  readonly _tag: "Basic"
}

export interface BearerChallenge {
  readonly _tag: "Bearer"
  readonly realm: string
  readonly service?: string
  readonly scopes: ReadonlyArray<string>
}

/** One challenge as written: names in lower case, the first of equal parameters counts. */
export interface Written {
  readonly scheme: string
  readonly parameters: ReadonlyMap<string, string>
}

// RFC 9110 §5.6.2 token, §5.6.4 quoted-string, §11.2 token68; each pattern is linear in what it reads.
const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/uy
const QUOTED = /"(?:[^"\\]|\\.)*"/suy
const TOKEN68 = /[ \t]+[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))/uy
const EQUALS = /[ \t]*=[ \t]*/uy
const SEPARATORS = /[ \t,]+/uy

/**
 * Reads one `WWW-Authenticate` field (RFC 9110 §11.6.1). A comma separates parameters as well as challenges: a name that is
 * followed by `=` belongs to the challenge before it. From a piece outside the grammar on, nothing more is read.
 */
export const tokenize = (field: string): ReadonlyArray<Written> => {
  let position = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position
    const match = pattern.exec(field)
    if (match !== null) position = pattern.lastIndex
    return match
  }
  const challenges: Array<{ readonly scheme: string; readonly parameters: Map<string, string> }> = []
  for (;;) {
    take(SEPARATORS)
    const name = take(TOKEN)?.[0].toLowerCase()
    if (name === undefined) return challenges
    const current = challenges.at(-1)
    if (current !== undefined && take(EQUALS) !== null) {
      const quoted = take(QUOTED)
      const value = quoted === null ? take(TOKEN)?.[0] : quoted[0].slice(1, -1).replaceAll(/\\(.)/gsu, "$1")
      if (value === undefined) return challenges
      if (!current.parameters.has(name)) current.parameters.set(name, value)
    } else {
      challenges.push({ scheme: name, parameters: new Map() })
      take(TOKEN68)
    }
  }
}

const understand = ({ scheme, parameters }: Written): ReadonlyArray<Challenge> => {
  if (scheme === "basic") return [{ _tag: "Basic" }]
  const realm = parameters.get("realm")
  if (scheme !== "bearer" || realm === undefined) return []
  const service = parameters.get("service")
  const scopes = (parameters.get("scope") ?? "").split(" ").filter((scope) => scope !== "")
  return [{ _tag: "Bearer", realm, scopes, ...(service === undefined ? {} : { service }) }]
}

/** The first challenge that can be met, of all that came in one or several fields. */
export const chooseChallenge = (fields: ReadonlyArray<string>): Challenge | undefined =>
  fields.flatMap(tokenize).flatMap(understand)[0]
