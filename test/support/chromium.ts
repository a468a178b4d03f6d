import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { Effect } from "effect"
import { type BrowserContext, chromium, type Page } from "playwright-core"
import { command, ToolFailed } from "./registry/command.ts"

const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync"
]

const isRoot = process.getuid?.() === 0

const onPath = command("sh", "-c", "command -v chromium").pipe(Effect.map((path) => path.trim()))

/** Debian's Chromium: found on PATH, or installed when we may. */
const executable = onPath.pipe(
  Effect.catch(() =>
    isRoot
      ? command("apt-get", "update").pipe(
          Effect.ignore,
          Effect.andThen(command("apt-get", "install", "-y", "--no-install-recommends", "chromium")),
          Effect.andThen(onPath)
        )
      : new ToolFailed({ reason: "none on PATH" })
  ),
  Effect.mapError(({ reason }) => {
    const sentence = "These tests need chromium on PATH. On Debian: apt-get install chromium"
    return new ToolFailed({ reason: `${sentence} (${reason})` })
  })
)

/** A real browser; each person in front of it has cookies and storage of their own. */
export const startBrowser = async () => {
  const executablePath = await Effect.runPromise(executable)
  const home = await mkdtemp(join(tmpdir(), "keyhole-browser-"))
  // A sandbox inside a sandbox needs rights that root of a container lacks.
  const args = isRoot ? ["--no-sandbox", ...FLAGS] : FLAGS
  const browser = await chromium.launch({ executablePath, args, env: { ...process.env, HOME: home } })
  return {
    person: (options: Parameters<typeof browser.newContext>[0] = {}): Promise<BrowserContext> =>
      browser.newContext({ reducedMotion: "reduce", ...options }),
    stop: async () => {
      await browser.close()
      await rm(home, { recursive: true, force: true })
    }
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

/**
 * What axe finds to be against WCAG 2.2 AA, and its good practice, on the page as it is now: in the light and in the dark.
 * The size of targets (SC 2.5.8) it looks at only when asked.
 */
export const barriers = async (page: Page): Promise<ReadonlyArray<string>> => {
  await page.evaluate(axe)
  const all: Array<string> = []
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme })
    const found: unknown = await page.evaluate(
      `axe.run({ rules: { "target-size": { enabled: true } } }).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html)))`
    )
    all.push(...(Array.isArray(found) ? found.map((each) => `${colorScheme}: ${each}`) : ["axe did not run"]))
  }
  return all
}

/** By how many pixels the page is wider than what shows it. */
export const sideways = async (page: Page): Promise<number> =>
  Number(await page.evaluate("document.documentElement.scrollWidth - innerWidth"))

/** What the keyboard is at: a name for the element that has the focus. */
export const focused = async (page: Page): Promise<string> =>
  String(
    await page.evaluate(
      "((at) => at.getAttribute('aria-label') ?? at.getAttribute('name') ?? at.textContent)(document.activeElement)"
    )
  )
