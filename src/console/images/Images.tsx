import { useLayoutEffect, useRef, useState } from "preact/hooks"
import { type Manifest, Problem } from "../../client/client.ts"
import { keyhole, may } from "../keyhole.ts"
import { Digest } from "../parts/Digest.tsx"
import { saidIn } from "../parts/said.ts"
import { Failure } from "../parts/Failure.tsx"
import { useLoad } from "../parts/load.ts"
import { Title } from "../parts/Title.tsx"
import { When } from "../parts/When.tsx"
import { go, place, to } from "../place.ts"
import { Files } from "./Files.tsx"
import { within } from "./within.ts"
import { Configuration, Layers } from "./Made.tsx"
import { Start } from "./Start.tsx"
import { sayBytes, sayCount } from "../parts/say.ts"

const VIEWS = [
  [undefined, "Files"],
  ["layers", "Layers and steps"],
  ["config", "Configuration"]
] as const

const Facts = ({ manifest }: { readonly manifest: Manifest }) => (
  <div class="facts">
    <Digest of={manifest.digest} />
    <p class="small">
      {sayBytes(manifest.size)} in {sayCount(manifest.layers.length, "layer")}
      {manifest.created !== null && (
        <>
          {" "}
          · created <When at={manifest.created} />
        </>
      )}
    </p>
  </div>
)

const Shown = ({ manifest, image }: { readonly manifest: Manifest; readonly image: string }) => {
  const { view } = place.value.query
  return (
    <>
      <div class="heading">
        <Facts manifest={manifest} />
        {manifest.platforms.length > 1 && (
          <label class="platform">
            <span>Platform</span>
            <select
              value={manifest.platform}
              onChange={({ currentTarget }) => go(to("/images", { image, platform: currentTarget.value, view }))}
            >
              {manifest.platforms.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </label>
        )}
      </div>
      <nav class="views" aria-label="Views of the image">
        {VIEWS.map(([each, name]) => (
          <a
            key={name}
            href={within({ view: each, path: undefined })}
            aria-current={view === each ? "page" : undefined}
          >
            {name}
          </a>
        ))}
      </nav>
      {view === "layers" && <Layers manifest={manifest} />}
      {view === "config" && <Configuration manifest={manifest} />}
      {view === undefined && <Files manifest={manifest} image={image} />}
    </>
  )
}

/** Registries do not say whether an image is not there or not for everybody. */
const isDenied = (failed: unknown): boolean =>
  failed instanceof Problem && (failed.is("registry-denied") || failed.is("image-not-found"))

const Image = ({ image, platform }: { readonly image: string; readonly platform: string | undefined }) => {
  const { value, failed, again } = useLoad(() => keyhole.manifest({ image, platform }), [])
  if (failed !== undefined) {
    return (
      <>
        <Failure failed={failed} again={again} />
        {isDenied(failed) && may("registry:credential") && (
          <p>
            If not everybody may pull it: <a href="#/registries">keep your login to its registry</a>
          </p>
        )}
      </>
    )
  }
  return value === undefined ? (
    <p class="empty" role="status">
      Asking the registry …
    </p>
  ) : (
    <Shown manifest={value} image={image} />
  )
}

export const Images = () => {
  const { image, platform } = place.value.query
  const [wrong, refuse] = useState(false)
  const line = useRef<HTMLInputElement>(null)
  useLayoutEffect(() => {
    if (line.current !== null) line.current.value = image ?? ""
  }, [image])
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const said = saidIn(event.currentTarget)["image"]?.trim() ?? ""
    refuse(said === "")
    if (said === "") line.current?.focus()
    if (said !== "") go(to("/images", { image: said }))
  }
  return (
    <>
      <Title of={image}>Images</Title>
      <form class="reference" onSubmit={submit}>
        <label>
          <span class="unseen">Image reference</span>
          <input
            ref={line}
            name="image"
            class="mono"
            placeholder="alpine:3.20, ghcr.io/org/app:1.4, name@sha256:…"
            autocapitalize="off"
            autocomplete="off"
            spellcheck={false}
            aria-invalid={wrong ? true : undefined}
          />
        </label>
        <button type="submit">Look inside</button>
      </form>
      {image === undefined ? <Start /> : <Image key={`${image} ${platform ?? ""}`} image={image} platform={platform} />}
    </>
  )
}
