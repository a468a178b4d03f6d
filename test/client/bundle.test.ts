import { build } from "esbuild"
import { expect, it } from "vitest"

it("for a browser holds the client alone, and is small", async () => {
  const { metafile, outputFiles } = await build({
    stdin: { contents: `export * from "keyhole/client"`, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    metafile: true,
    write: false
  })
  const inputs = Object.keys(metafile.inputs).filter((path) => path !== "<stdin>")
  expect(inputs).toContain("src/client/client.ts")
  expect(inputs.filter((path) => !path.startsWith("src/client/"))).toEqual([])
  expect(outputFiles[0]?.contents.length).toBeLessThan(16_000)
})
