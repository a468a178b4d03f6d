import { Formatter, Logger } from "effect"
import { escapeControls } from "./escape.ts"

const show = (value: unknown): string => escapeControls(typeof value === "string" ? value : Formatter.formatJson(value))

const indented = (text: string): string =>
  text
    .split("\n")
    .map((line) => `\n    ${escapeControls(line)}`)
    .join("")

/** A line for people: `10:00:00 INFO  listening  port=8080`, and below it, indented, what caused it. */
export const readable = Logger.map(Logger.formatStructured, ({ timestamp, level, message, annotations, cause }) => {
  const words = [message].flat().map(show)
  const facts = Object.entries(annotations).map(([key, value]) => ` ${escapeControls(key)}=${show(value)}`)
  const line = `${timestamp.slice(11, 19)} ${level.padEnd(5)} ${words.join(" ")}${facts.join("")}`
  return cause === undefined ? line : line + indented(cause)
})
