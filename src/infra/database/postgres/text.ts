/**
 * PostgreSQL's text has no U+0000, and SQLite's has: names in archives and what people send may contain it. It is written
 * as the noncharacter U+10FFFF and a letter, and that one as itself and another, so that all texts stay apart.
 */
const ESCAPE = "\u{10ffff}"
const ESCAPED = /\u{10ffff}(.)/gu
const HARMLESS = /^[^\0\u{10ffff}]*$/u

export const toPostgres = (text: string): string =>
  HARMLESS.test(text) ? text : text.replaceAll(ESCAPE, `${ESCAPE}e`).replaceAll("\0", `${ESCAPE}0`)

export const fromPostgres = (text: string): string =>
  text.includes(ESCAPE) ? text.replaceAll(ESCAPED, (_, letter) => (letter === "0" ? "\0" : ESCAPE)) : text
