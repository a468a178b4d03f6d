/**
 * What `like` takes for "has this text in it", when it is told that `\` escapes. It goes with `lower(…)`, of which the database
 * knows the cases of ASCII alone, so neither may we.
 */
export const containing = (text: string): string =>
  `%${text.replaceAll(/[\\%_]/gu, String.raw`\$&`).replaceAll(/[A-Z]/gu, (letter) => letter.toLowerCase())}%`
