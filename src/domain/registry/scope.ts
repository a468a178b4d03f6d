/** `type:name:action,…` (Distribution token specification); the name may hold a colon, as in `host:5000/app`. */
const RESOURCE = /^[a-z0-9]+(?:\([a-z0-9]+\))?:(?:.+):([^:]*)$/u

/** A scope with nothing but `pull` in it; none when it never was in it. Scopes of another form are the registry's own. */
const onlyPull = (scope: string): ReadonlyArray<string> => {
  const actions = RESOURCE.exec(scope)?.[1]
  if (actions === undefined) return [scope]
  return actions.split(",").includes("pull") ? [`${scope.slice(0, scope.length - actions.length)}pull`] : []
}

/** What to ask a token server for: what the registry demanded first, then our own; of either nothing but leave to read. */
export const scopesToAsk = (demanded: ReadonlyArray<string>, own: string): ReadonlyArray<string> => [
  ...new Set([...demanded.flatMap(onlyPull), own])
]
