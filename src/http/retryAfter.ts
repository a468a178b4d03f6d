/** At least a second, and never less than was said (RFC 9110 §10.2.3). */
export const retryAfter = (seconds: number) => ({ "Retry-After": String(Math.max(1, Math.ceil(seconds))) })
