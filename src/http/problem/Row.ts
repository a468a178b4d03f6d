import type { ProblemCode } from "../api/problem/catalogue.ts"
import type { Occasion } from "./Problem.ts"

/** How an error is answered: with which problem, and what that says this time. */
export type Row<E> = {
  readonly [Code in ProblemCode]: { readonly code: Code; readonly describe: (error: E) => Occasion<Code> }
}[ProblemCode]

/** One row for each error: an error without one does not compile. */
export type Rows<E extends { readonly _tag: string }> = {
  readonly [Tag in E["_tag"]]: Row<Extract<E, { readonly _tag: Tag }>>
}
