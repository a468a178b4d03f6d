import { TheBeginning } from "./migrations/0001-the-beginning.ts"
import { RegistryCredentials } from "./migrations/0002-registry-credentials.ts"
import { KnownBlobs } from "./migrations/0003-known-blobs.ts"
import { Looks } from "./migrations/0004-looks.ts"
import { Changes } from "./migrations/0005-changes.ts"
import { KeyRotation } from "./migrations/0006-key-rotation.ts"
import { Guesses } from "./migrations/0007-guesses.ts"
import { Administration } from "./migrations/0008-administration.ts"
import { CookieSessions } from "./migrations/0009-cookie-sessions.ts"
import { Instances } from "./migrations/0012-instances.ts"
import { SweepTurns } from "./migrations/0013-sweep-turns.ts"
import { SeenLayersEnd } from "./migrations/0014-seen-layers-end.ts"

/** Every step the schema took, in order. A step that was released is never changed. */
export const migrations = [
  { name: "0001-the-beginning", class: TheBeginning },
  { name: "0002-registry-credentials", class: RegistryCredentials },
  { name: "0003-known-blobs", class: KnownBlobs },
  { name: "0004-looks", class: Looks },
  { name: "0005-changes", class: Changes },
  { name: "0006-key-rotation", class: KeyRotation },
  { name: "0007-guesses", class: Guesses },
  { name: "0008-administration", class: Administration },
  { name: "0009-cookie-sessions", class: CookieSessions },
  { name: "0012-instances", class: Instances },
  { name: "0013-sweep-turns", class: SweepTurns },
  { name: "0014-seen-layers-end", class: SeenLayersEnd }
]
