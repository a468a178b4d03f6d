import { Context, Duration } from "effect"
import type { EgressConfig, RealmBinding } from "../../domain/registry/egress.ts"

export interface Settings extends EgressConfig {
  /** Token servers on another host than their registry that may see its credentials all the same. */
  readonly realms: ReadonlyArray<RealmBinding>
  /** Certificate authorities trusted besides the usual ones, in PEM. */
  readonly authorities: ReadonlyArray<string>
  /** To resolve a name, connect, and agree on TLS. */
  readonly connectTimeout: Duration.Duration
  /** From the request to the answer's first line. */
  readonly headersTimeout: Duration.Duration
  /** Between two pieces of a body. */
  readonly idleTimeout: Duration.Duration
  /** For a whole manifest, list of tags or token, however steadily it trickles in. */
  readonly documentTimeout: Duration.Duration
  /** After this long no request is tried again. */
  readonly retryFor: Duration.Duration
}

export const defaults: Settings = {
  private: [],
  insecure: [],
  realms: [
    { registry: "registry-1.docker.io:443", realm: "auth.docker.io:443" },
    { registry: "registry.gitlab.com:443", realm: "gitlab.com:443" }
  ],
  authorities: [],
  connectTimeout: Duration.seconds(10),
  headersTimeout: Duration.seconds(30),
  idleTimeout: Duration.seconds(30),
  documentTimeout: Duration.seconds(60),
  retryFor: Duration.seconds(30)
}

/** What the operator says about registries; `defaults` opens nothing. */
export class RegistrySettings extends Context.Service<RegistrySettings, Settings>()(
  "keyhole/infra/registry/RegistrySettings"
) {}
