import { entry } from "./Entry.ts"

/** Images and the registries they are in. */
export const imageCatalogue = {
  "image-reference-invalid": entry(
    [422],
    "Not an image reference",
    "An image is named as `docker pull` takes it: `alpine`, `alpine:3.20`, `ghcr.io/org/app@sha256:…`, `localhost:5000/x/y:z`."
  ),
  "manifest-unsupported": entry(
    [422],
    "A manifest of a kind that is not read here",
    "Keyhole reads OCI and Docker schema 2 image manifests and lists. Docker schema 1 has been out of use since 2017; an artifact without layers has no files."
  ),
  "registry-not-allowed": entry(
    [422],
    "The host may not be reached",
    "Keyhole connects to public registries, and to private hosts only where its operator allows them. `hop` says on which step the host came up: the registry itself, its token realm, a redirect, a layer's URL or a link."
  ),
  "registry-denied": entry(
    [403],
    "The registry refused",
    "The registry answered 401 or 403 to the end. Either the repository does not exist or it may not be read with the credentials at hand; registries do not say which."
  ),
  "image-not-found": entry([404], "No such image", "The registry has no such repository, tag or digest."),
  "platform-not-found": entry(
    [404],
    "The image is not there for this platform",
    "The image exists for other platforms; `platforms` lists them."
  ),
  "layer-not-found": entry(
    [404],
    "No such layer",
    "A layer is named by its index, the lowest being 0, or by its digest, as `/images/manifest` lists them."
  ),
  "file-not-found": entry([404], "No such file", "The image, or the layer, has nothing at this path."),
  "file-deleted": entry(
    [404],
    "The file was deleted by a layer",
    "A lower layer has the file, and the layer with the index `layer` deletes it. Ask for the lower layer by itself to see it."
  ),
  "link-dangling": entry(
    [404],
    "The link leads nowhere",
    "The path is a link, or leads through one, whose target does not exist in the image, or that leads round in a circle."
  ),
  "not-a-file": entry(
    [409],
    "Not a regular file",
    "The path names a directory, a device or something else that has no content."
  ),
  "layer-unsupported": entry(
    [422],
    "A layer of a kind that is not read here",
    "Layers are tar archives: plain, or compressed with gzip or zstd."
  ),
  "layer-limit-exceeded": entry(
    [422],
    "A layer exceeds a limit",
    "Layers come from strangers, so their size after decompression, the number and names of their entries and the time spent on them are limited. `limit` names the limit that was crossed, `value` is its value."
  ),
  "registry-rate-limited": entry(
    [429],
    "The registry limits its clients",
    "The registry asked to wait. Try again after the seconds in `Retry-After`."
  ),
  "registry-unreachable": entry([502], "The registry cannot be reached", "No usable answer came from the registry."),
  "manifest-invalid": entry(
    [502],
    "The registry's manifest is broken",
    "The manifest is malformed, too big, or not what its digest says."
  ),
  "layer-corrupt": entry(
    [502],
    "The layer is broken",
    "The layer's archive is damaged or cut short, or its bytes are not what its digest says."
  ),
  "registry-timeout": entry([504], "The registry took too long", "The registry did not answer in time. Try again.")
}
