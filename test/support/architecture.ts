import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, normalize, relative, sep } from "node:path"

/** A module of the source tree: its path from the root of the tree, its text without comments, and what it imports. */
export interface Module {
  readonly path: string
  readonly code: string
  readonly lines: number
  /** Packages by name; modules of the tree by their path from its root. */
  readonly imports: ReadonlyArray<string>
  /** Of these, what is there before the module itself runs: neither types nor what it imports when it needs it. */
  readonly loads: ReadonlyArray<string>
}

export interface Violation {
  readonly path: string
  readonly rule: string
  readonly found: string
}

const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gmu
const IMPORT =
  /(?:^|[\s;])(?:import|export)\s[^"'`;]*?from\s*["']([^"']+)["']|(?<!["'])\bimport\s*\(?\s*["']([^"']+)["']/gmu

const LOAD = /(?:^|[\s;])(?:import|export)\s(?!type\s)[^"'`;]*?from\s*["']([^"']+)["']/gmu

const posix = (path: string) => path.split(sep).join("/")

/** Reads every TypeScript module below a folder. */
export const modulesBelow = (root: string): ReadonlyArray<Module> =>
  readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/u.test(path))
    .map((path) => {
      const text = readFileSync(join(root, path), "utf8")
      const code = text.replaceAll(COMMENT, "")
      const named = (matches: Iterable<RegExpExecArray>) =>
        Array.from(matches, ([, one, other]) => {
          const specifier = one ?? other ?? ""
          return specifier.startsWith(".")
            ? posix(relative(root, normalize(join(root, dirname(path), specifier))))
            : specifier
        })
      const [imports, loads] = [named(code.matchAll(IMPORT)), named(code.matchAll(LOAD))]
      return { path: posix(path), code, lines: text.split("\n").length - 1, imports, loads }
    })

/** All that is loaded before a module of the tree runs, itself included: modules, and packages by name. */
export const loadedBy = (path: string, modules: ReadonlyArray<Module>): ReadonlySet<string> => {
  const loaded = new Set([path])
  // A set tells of what is added while it is walked through.
  for (const name of loaded)
    for (const next of modules.find((each) => each.path === name)?.loads ?? []) loaded.add(next)
  return loaded
}

interface Room {
  readonly name: string
  /** The path's beginning that makes a module part of the room; the first room that fits is the module's. */
  readonly at: string
  readonly mayImport: ReadonlyArray<RegExp>
}

/** The packages' own stable root, and modules whose stability is stable in 4.1. */
const STABLE_EFFECT = /^effect$/u

export const ROOMS: ReadonlyArray<Room> = [
  // Parsing addresses by hand is the worse risk on the path of server-side request forgery: see the ADR on egress.
  {
    name: "domain's address parser",
    at: "domain/registry/address.ts",
    mayImport: [STABLE_EFFECT, /^effect\/net$/u, /^domain\//u]
  },
  { name: "domain's addresses", at: "domain/network/Address.ts", mayImport: [STABLE_EFFECT, /^effect\/net$/u] },
  { name: "domain", at: "domain/", mayImport: [STABLE_EFFECT, /^domain\//u] },
  {
    name: "http's declarations",
    at: "http/api/",
    mayImport: [/^effect(\/http-api\/\w+)?$/u, /^domain\//u, /^http\/api\//u]
  },
  {
    name: "http",
    at: "http/",
    mayImport: [/^(?!redis|@mikro-orm|kysely|jose|@node-rs)[^.]*$/u, /^domain\//u, /^http\//u]
  },
  { name: "infra", at: "infra/", mayImport: [/^(?!express|helmet)[^.]*$/u, /^domain\//u, /^infra\//u] },
  {
    name: "cli",
    at: "cli/",
    mayImport: [/^effect(\/cli)?$/u, /^node:/u, /^domain\//u, /^client\/client\.ts$/u, /^cli\//u]
  },
  // Of the declarations it takes types only, which a test of its bundle sees to.
  { name: "client's documents", at: "client/documents.ts", mayImport: [/^http\/api\//u] },
  { name: "client", at: "client/", mayImport: [/^client\//u] },
  {
    name: "console",
    at: "console/",
    mayImport: [/^preact(\/hooks)?$/u, /^@preact\/signals$/u, /^client\//u, /^console\//u]
  },
  { name: "the composition root", at: "main.ts", mayImport: [/./u] }
]

/** What pure code cannot use: clocks, chance, the process, the network, the console. */
const IMPURE =
  /\b(?:Date\.now|new Date\(\)|Math\.random|process\.|Buffer\b|console\.|setTimeout|setInterval|fetch\(|crypto\.|performance\.|globalThis)/u

const LONGEST = 200

/** Every place where the tree is not what the house says it is. */
export const violations = (modules: ReadonlyArray<Module>): ReadonlyArray<Violation> =>
  modules.flatMap((module) => {
    const room = ROOMS.find((each) => module.path.startsWith(each.at))
    if (room === undefined) return [{ path: module.path, rule: "every module is in a room", found: module.path }]
    const strangers = module.imports
      .filter((name) => !room.mayImport.some((allowed) => allowed.test(name)))
      .map((found) => ({ path: module.path, rule: `${room.name} may not import this`, found }))
    const impure = module.path.startsWith("domain/") ? IMPURE.exec(module.code) : null
    return [
      ...strangers,
      ...(impure === null ? [] : [{ path: module.path, rule: "the domain is pure", found: impure[0] }]),
      ...(/(?:^|\/)(?:index|utils?|helpers?)\.tsx?$/u.test(module.path)
        ? [{ path: module.path, rule: "a module is named for its concept", found: module.path }]
        : []),
      ...(module.lines > LONGEST
        ? [{ path: module.path, rule: `a module has at most ${LONGEST} lines`, found: String(module.lines) }]
        : [])
    ]
  })
