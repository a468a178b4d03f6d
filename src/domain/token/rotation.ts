import { DateTime, type Duration } from "effect"
import type { RefreshToken } from "./RefreshToken.ts"
import type { Consumption } from "./RefreshTokens.ts"

/** What a presented refresh token leads to. */
export type Rotation =
  /** It was live: the successor is handed out. */
  | { readonly _tag: "Rotate" }
  /** It was just replaced (two tabs, a lost answer): hand out the live one, the same that the others got. */
  | { readonly _tag: "Repeat"; readonly live: RefreshToken }
  /** It was replaced long ago: somebody has a copy, so the whole family ends. */
  | { readonly _tag: "CloseFamily" }
  | { readonly _tag: "Refuse" }

/**
 * Single use with a grace period (RFC 9700 §4.14.2). The period starts with the token's first use and does not slide.
 */
export const rotation = (consumption: Consumption, now: DateTime.Utc, grace: Duration.Duration): Rotation => {
  switch (consumption._tag) {
    case "Consumed":
      return { _tag: "Rotate" }
    case "AlreadyConsumed":
      return DateTime.isLessThanOrEqualTo(now, DateTime.addDuration(consumption.firstUsedAt, grace))
        ? { _tag: "Repeat", live: consumption.live }
        : { _tag: "CloseFamily" }
    case "Unknown":
      return { _tag: "Refuse" }
  }
}
