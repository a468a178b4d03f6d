import type { RegistryError } from "../registry/RegistryError.ts"
import type { LayerError } from "./LayerError.ts"

/** Every way that reading out of an image can fail. */
export type ReadError = RegistryError | LayerError
