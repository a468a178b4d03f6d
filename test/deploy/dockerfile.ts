import { textOf } from "./files.ts"

interface Instruction {
  readonly name: string
  readonly rest: string
}

const instructions: ReadonlyArray<Instruction> = textOf("Dockerfile")
  .replaceAll(/^#.*\n/gmu, "")
  .replaceAll(/\\\n\s*/gu, "")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => {
    const [name = ""] = line.split(" ", 1)
    return { name, rest: line.slice(name.length + 1).trim() }
  })

/** The last stage: what becomes the image. */
const stage = instructions.slice(instructions.findLastIndex(({ name }) => name === "FROM"))

const all = (wanted: string, among: ReadonlyArray<Instruction> = stage): ReadonlyArray<string> =>
  among.filter(({ name }) => name === wanted).map(({ rest }) => rest)

const last = (wanted: string): string => {
  const found = all(wanted).at(-1)
  if (found === undefined) throw new Error(`the Dockerfile has no ${wanted}`)
  return found
}

const words = (json: string): ReadonlyArray<string> => JSON.parse(json)

/** The image, as the Dockerfile says it is to be. */
export const image = {
  bases: all("FROM", instructions).map((line) => line.split(" ")[0] ?? ""),
  environment: Object.fromEntries(
    all("ENV")
      .flatMap((line) => line.split(" "))
      .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)] as const)
  ),
  /** What comes out of the folder, not from another stage. */
  copied: all("COPY", instructions)
    .filter((line) => !line.startsWith("--from"))
    .flatMap((line) => line.split(" ").slice(0, -1)),
  folder: last("WORKDIR"),
  user: last("USER").split(":").map(Number),
  port: Number(last("EXPOSE")),
  volume: last("VOLUME"),
  command: [...words(last("ENTRYPOINT")), ...words(last("CMD"))],
  healthcheck: words(last("HEALTHCHECK").replace(/^.*?CMD /u, ""))
}

/** What a build may see of the folder: nothing but these. */
export const context: ReadonlyArray<string> = textOf(".dockerignore")
  .split("\n")
  .filter((line) => line.startsWith("!"))
  .map((line) => line.slice(1))
