import { Formatter, Layer, Logger, Record } from "effect"
import { escapeControls } from "./escape.ts"
import { readable } from "./readable.ts"

/** One JSON document a line. What JSON leaves as it is and a terminal or a viewer obeys is escaped, too. */
export const json = Logger.map(Logger.formatStructured, ({ timestamp, level, message, annotations, cause }) =>
  escapeControls(
    Formatter.formatJson({
      timestamp,
      level,
      message,
      ...(Record.isEmptyRecord(annotations) ? {} : { annotations }),
      ...(cause === undefined ? {} : { cause })
    })
  )
)

const toStandardError = (format: Logger.Logger<unknown, string>) =>
  Logger.map(format, (line) => {
    process.stderr.write(`${line}\n`)
  })

/** Logs go to standard error: as JSON lines, or for people when that is a terminal. */
export const layer = Layer.suspend(() => Logger.layer([toStandardError(process.stderr.isTTY ? readable : json)]))
