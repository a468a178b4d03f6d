import type { ComponentChildren } from "preact"
import type { Manifest } from "../../client/client.ts"
import { may, keyhole } from "../keyhole.ts"
import { Digest } from "../parts/Digest.tsx"
import { within } from "./within.ts"
import { sayBytes } from "../parts/say.ts"

/** How the image was built: a step a line, with the layer it left, if any. */
export const Layers = ({ manifest }: { readonly manifest: Manifest }) => {
  const most = Math.max(1, ...manifest.layers.map(({ size }) => size))
  const steps =
    manifest.build_steps.length > 0
      ? manifest.build_steps
      : manifest.layers.map(({ index }) => ({ created_by: "", layer_index: index }))
  return (
    <ol class="steps">
      {steps.map(({ created_by, layer_index }, number) => {
        const layer = layer_index === undefined ? undefined : manifest.layers[layer_index]
        return (
          <li key={number} class={layer === undefined ? "step" : "step solid"}>
            <p class="mono">{created_by === "" ? "(not told)" : created_by}</p>
            {layer !== undefined && (
              <div class="made">
                <a href={within({ view: undefined, layer: String(layer.index), path: undefined })}>
                  Layer {layer.index}
                </a>
                <span class="small">{sayBytes(layer.size)}</span>
                <meter min={0} max={most} value={layer.size} aria-label={`Size of layer ${layer.index}`} />
                <Digest of={layer.digest} />
                {may("image:download") && (
                  <a
                    href={keyhole.layerUrl({ image: manifest.image, platform: manifest.platform, layer: layer.index })}
                    download
                    aria-label={`Download layer ${layer.index}`}
                  >
                    Download
                  </a>
                )}
              </div>
            )}
          </li>
        )
      })}
    </ol>
  )
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ComponentChildren }) => (
  <div class="fact">
    <dt>{name}</dt>
    <dd class="mono">{children}</dd>
  </div>
)

const many = (values: ReadonlyArray<string>) =>
  values.length === 0 ? <span class="small">none</span> : values.map((value) => <div key={value}>{value}</div>)

/** What the image says a container of it should be run with. */
export const Configuration = ({ manifest: { config, platform } }: { readonly manifest: Manifest }) => (
  <dl class="config">
    <Fact name="Platform">{platform}</Fact>
    <Fact name="Entrypoint">{many(config.entrypoint)}</Fact>
    <Fact name="Command">{many(config.cmd)}</Fact>
    <Fact name="User">{config.user === "" ? "root" : config.user}</Fact>
    <Fact name="Working directory">{config.working_dir === "" ? "/" : config.working_dir}</Fact>
    <Fact name="Ports">{many(config.exposed_ports)}</Fact>
    <Fact name="Environment">{many(config.env)}</Fact>
    <Fact name="Labels">{many(Object.entries(config.labels).map(([name, value]) => `${name} = ${value}`))}</Fact>
  </dl>
)
