import { Schema } from "effect"

/**
 * What a cookie session is known by to its browser: 48 random bytes in base64url, 64 characters. Only a hash of it is kept
 * (OWASP ASVS 5.0 §7.2.3), so that whoever reads the database can enter no session.
 */
export const SessionSecret = Schema.Redacted(Schema.String).pipe(Schema.brand("SessionSecret"))
export type SessionSecret = typeof SessionSecret.Type
