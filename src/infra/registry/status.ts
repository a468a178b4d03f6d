import { format, type Reference } from "../../domain/registry/Reference.ts"
import { ImageNotFound, RegistryDenied, RegistryUnreachable } from "../../domain/registry/RegistryError.ts"
import type { Answer } from "./Exchange.ts"

/** What an answer other than the one hoped for means; `image` is what was asked about. */
export const refusal = (
  answer: Answer,
  reference: Reference,
  image: string = format(reference)
): RegistryDenied | ImageNotFound | RegistryUnreachable => {
  if (answer.status === 401 || answer.status === 403) {
    return new RegistryDenied({ registry: reference.registry, repository: reference.repository })
  }
  if (answer.status === 404) return new ImageNotFound({ image })
  return new RegistryUnreachable({ host: answer.url.host, reason: `it answered with status ${answer.status}` })
}
