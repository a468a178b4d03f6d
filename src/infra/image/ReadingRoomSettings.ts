import { Context } from "effect"
import type { Admission } from "../../domain/image/admission.ts"

export class ReadingRoomSettings extends Context.Service<ReadingRoomSettings, Admission>()(
  "keyhole/infra/image/ReadingRoomSettings"
) {}
