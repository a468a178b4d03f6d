import { hash } from "node:crypto"
import { Redacted } from "effect"
import type { SessionSecret } from "../../domain/session/SessionSecret.ts"

/** What is kept of a secret. It has 384 random bits: nobody finds it by trying, so the hash need not be slow. */
export const secretHash = (secret: SessionSecret): string => hash("sha256", Redacted.value(secret), "base64url")
