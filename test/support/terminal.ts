import { Effect } from "effect"
import { command } from "./registry/command.ts"
import { temporaryFolder } from "./temporaryFolder.ts"

/** A terminal with a shell in it, as somebody sits in front of it. */
interface Terminal {
  /** Types a line, and Enter. */
  readonly enter: (line: string) => Effect.Effect<void>
  /** Presses a key that has a name: `C-c`, `Tab`. */
  readonly press: (key: string) => Effect.Effect<void>
  readonly type: (text: string) => Effect.Effect<void>
  /** What is to be seen, lines that were broken for want of room as one, without the blank ones below. */
  readonly screen: Effect.Effect<string>
  /** The same with its colours, as tmux writes them. */
  readonly colours: Effect.Effect<string>
  /** Waits until what is to be seen is so, and gives it. */
  readonly seen: (pattern: RegExp) => Effect.Effect<string>
}

export interface TerminalOptions {
  readonly columns?: number
  readonly rows?: number
  readonly env?: Readonly<Record<string, string>>
  readonly shell?: ReadonlyArray<string>
}

/** A real terminal, which is tmux's; gone when the scope closes. */
export const terminal = ({ columns = 80, rows = 24, env = {}, shell = ["sh"] }: TerminalOptions = {}) =>
  Effect.gen(function* () {
    const folder = yield* temporaryFolder
    const tmux = (...args: ReadonlyArray<string>) =>
      Effect.orDie(command("tmux", "-u", "-S", `${folder}/socket`, "-f", "/dev/null", ...args))
    const settings = Object.entries({ PS1: "$ ", HOME: folder, ...env }).map(([name, value]) => `${name}=${value}`)
    yield* Effect.acquireRelease(
      tmux("new-session", "-d", "-x", `${columns}`, "-y", `${rows}`, "env", ...settings, ...shell),
      () => tmux("kill-server")
    )
    const capture = (...args: ReadonlyArray<string>) =>
      Effect.map(tmux("capture-pane", "-p", "-J", ...args), (text) => text.replaceAll(/ +$/gmu, "").trimEnd())
    const screen = capture()
    const type = (text: string) => Effect.asVoid(tmux("send-keys", "-l", text))
    const press = (key: string) => Effect.asVoid(tmux("send-keys", key))
    const made: Terminal = {
      enter: (line) => Effect.andThen(type(line), press("Enter")),
      press,
      type,
      screen,
      colours: capture("-e"),
      seen: (pattern) =>
        Effect.repeat(Effect.delay(screen, "50 millis"), { until: (text) => pattern.test(text) }).pipe(
          Effect.timeoutOrElse({
            duration: "100 seconds",
            orElse: () =>
              Effect.flatMap(screen, (text) => Effect.die(new Error(`No ${pattern} is to be seen in:\n${text}`)))
          })
        )
    }
    return made
  })
