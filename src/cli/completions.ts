import { Effect, Stream } from "effect"
import { Argument, Command, Completions } from "effect/cli"
import { print } from "./output.ts"

type Descriptor = Completions.CommandDescriptor

const FILE = { _tag: "Path", pathType: "either" } as const

/** Flags that every command has. */
const help = {
  name: "help",
  aliases: ["h"],
  description: "Show help",
  type: { _tag: "Boolean" },
  negation: false
} as const

/** What the tree of commands does not know: what takes a file's name, whatever is or is not there, and the flag for help. */
const completed = (descriptor: Descriptor): Descriptor => ({
  ...descriptor,
  // That `--no-json` is understood too is nothing that help tells of.
  flags: [
    ...descriptor.flags.map((flag) => ({
      ...flag,
      negation: false as const,
      ...(flag.name === "output" && { type: FILE })
    })),
    help
  ],
  arguments: descriptor.arguments.map((argument) =>
    argument.name === "file" ? { ...argument, type: FILE } : argument
  ),
  subcommands: descriptor.subcommands.map(completed)
})

/** The generator's advice is for a flag that is not there; how to install a script is in README.md. */
const ADVICE = /^# Installation:\n(?:# .*\n)*#?\n?/mu

/** An argument of zsh's that anything may be: even the beginning of a flag, which is then not completed. */
const OPEN_ARGUMENT = /^( +':.*:)'$/gmu

const shellArgument = Argument.Literals("shell", ["bash", "zsh", "fish"]).pipe(
  Argument.withDescription("The shell to write for: bash, zsh or fish")
)

/** Writes for a shell how to complete a tree of commands, which this one is part of. */
export const completions = (whole: () => Command.Command.Any) =>
  Command.make("completions", { shell: shellArgument }, ({ shell }) =>
    Effect.suspend(() => {
      const tree = whole()
      const script = Completions.generate(tree.name, shell, completed(Completions.fromCommand(tree)))
        .replace(ADVICE, "")
        .replaceAll(OPEN_ARGUMENT, '$1_guard "^-*" argument\'')
      return print(Stream.make(`${script.trimEnd()}\n`))
    })
  ).pipe(Command.withDescription("Print a script with which a shell completes commands"))
