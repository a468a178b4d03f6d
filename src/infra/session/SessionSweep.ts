import { Duration, Layer } from "effect"
import { closeEnded } from "../../domain/session/closeEnded.ts"
import { SWEEP_BATCH, sweeping } from "../database/sweeping.ts"

const SWEEP_EVERY = Duration.minutes(1)

/** Closes the sessions whose time is over as long as the layer lives. */
export const layer = Layer.effectDiscard(sweeping("ended sessions", SWEEP_EVERY, closeEnded(SWEEP_BATCH)))
