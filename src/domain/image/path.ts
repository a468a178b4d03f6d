/** Needs work: an empty, `.` or `..` component, a leading or a trailing slash. */
const irregular = /(?:^|\/)\.{0,2}(?:\/|$)/u

/**
 * The absolute path a name in an archive stands for: no `.`, no `..` (which stops at the image's root), no double or
 * trailing slash. A layer's names are relative to the image's root, whether they begin with a slash or not.
 */
export const normalise = (name: string): string => {
  if (!irregular.test(name)) return `/${name}`
  const kept: Array<string> = []
  for (const component of name.split("/")) {
    if (component === "..") kept.pop()
    else if (component !== "" && component !== ".") kept.push(component)
  }
  return `/${kept.join("/")}`
}

/** The components of a normalised path; none for the root. */
export const components = (path: string): ReadonlyArray<string> => (path === "/" ? [] : path.slice(1).split("/"))

/** The path of what `name` is called in the directory `path`. */
export const join = (path: string, name: string): string => (path === "/" ? `/${name}` : `${path}/${name}`)

export const parent = (path: string): string => path.slice(0, Math.max(path.lastIndexOf("/"), 1))

export const basename = (path: string): string => path.slice(path.lastIndexOf("/") + 1)

/** Whether a normalised path is `root` or lies below it. */
export const isWithin = (path: string, root: string): boolean =>
  root === "/" || path === root || (path.startsWith(root) && path[root.length] === "/")
