import type { Compilable, Kysely } from "kysely"
import type { Tables } from "./entities.ts"

/**
 * A query that is put into words once and then only run: for the hottest reads, where building the text costs more than the
 * answer. `build` names the parameters' places with values of any kind; each run brings its own, in the same order.
 */
export const prepared = <Row>(build: (tables: Kysely<Tables>) => Compilable<Row>) => {
  let kept: ReturnType<Compilable<Row>["compile"]> | undefined
  return async (tables: Kysely<Tables>, parameters: ReadonlyArray<unknown>): Promise<ReadonlyArray<Row>> => {
    kept ??= build(tables).compile()
    const { rows } = await tables.executeQuery<Row>({ ...kept, parameters })
    return rows
  }
}
