import type { RequestHandler } from "express"
import helmet from "helmet"

/**
 * What every answer says to browsers. Nothing of this service is a page unless it says so itself, so the policy of
 * documents allows nothing; `Strict-Transport-Security` is for whoever terminates TLS.
 */
export const securityHeaders: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] }
  },
  crossOriginOpenerPolicy: { policy: "same-origin" },
  crossOriginResourcePolicy: { policy: "same-origin" },
  referrerPolicy: { policy: "no-referrer" },
  strictTransportSecurity: false,
  xFrameOptions: { action: "deny" }
})
