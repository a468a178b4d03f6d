import { Schema, SchemaRepresentation } from "effect"

/** `import type { UserDocument } from "../http/api/documents.ts"` */
const IMPORT = /^import type \{ ([\w, ]+) \} from "(.+)"\n/gmu
/** `export type User = typeof UserDocument.Encoded` */
const DOCUMENT = /^export type (\w+) = typeof (\w+)\.Encoded$/gmu

/** The schemas that a module imports the types of, by their names there. */
const schemasOf = async (text: string, from: URL): Promise<ReadonlyMap<string, Schema.Top>> => {
  const all = await Promise.all(
    text.matchAll(IMPORT).map(async ([, names = "", path = ""]) => {
      const module: Readonly<Record<string, unknown>> = await import(new URL(path, from).href)
      return names.split(", ").map((name) => [name, module[name]] as const)
    })
  )
  return new Map(
    all.flat().map(([name, value]) => {
      if (!Schema.isSchema(value)) throw new Error(`${name} is not a schema`)
      return [name, value]
    })
  )
}

/**
 * A module of types that are taken from schemas, with the types themselves in place of the schemas: what `text`, a module
 * at `from`, says is then said without the modules it imports.
 */
export const writtenOut = async (text: string, from: URL): Promise<string> => {
  const schemas = await schemasOf(text, from)
  const documents = [...text.matchAll(DOCUMENT)].map(([, name = "", schema = ""]) => {
    const ast = schemas.get(schema)?.ast
    if (ast === undefined) throw new Error(`${schema} is not imported`)
    return { name, ast }
  })
  const [first, ...others] = documents.map(({ ast }) => ast)
  if (first === undefined) throw new Error("There are no documents")
  const { codes, references } = SchemaRepresentation.toCodeDocument(
    SchemaRepresentation.toRepresentations([first, ...others])
  )
  const recursive = Object.keys(references.recursives)
  if (recursive.length > 0) throw new Error(`${recursive.join(", ")} would have to name itself`)
  const known = new Map(references.nonRecursives.map(({ $ref, code }) => [$ref, code.Type]))
  const exported = new Map(documents.map(({ name }, index) => [name, codes[index]?.Type]))
  const typeOf = (name: string): string => {
    const type = exported.get(name)
    // What the declaration calls by the same name is that type; what it calls otherwise stands beside it.
    const written = type === name ? known.get(name) : type
    if (written === undefined) throw new Error(`${name} has no type`)
    return written
  }
  const written = text
    .replaceAll(IMPORT, "")
    .replaceAll(DOCUMENT, (_, name: string) => `export type ${name} = ${typeOf(name)}`)
  const beside = [...known].filter(([name]) => !exported.has(name)).map(([name, type]) => `type ${name} = ${type}`)
  return [written, ...beside, ""].join("\n")
}
