const words: Readonly<Record<string, string>> = {
  "Expected string": "Expected a string",
  "Expected boolean": "Expected true or false",
  "Expected array": "Expected an array",
  "Expected object": "Expected a JSON object",
  "Expected a string representing a finite number": "Expected a whole number",
  "Expected an integer": "Expected a whole number",
  "Expected a value with a length of at least 1": "Expected at least one character"
}

const CHOICE = /^Expected ("[^"]*"(?: \| "[^"]*")+)$/u

/** What a schema says of a value, for somebody who has not seen the schema and may not know its language. */
export const inWords = (message: string): string => {
  const choices = CHOICE.exec(message)?.[1]?.split(" | ")
  return choices === undefined
    ? (words[message] ?? message)
    : `Expected ${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`
}
