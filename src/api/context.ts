import type { Drops } from '../control/drops.ts'
import type { Keys } from '../control/keys.ts'
import type { Landings } from '../control/landings.ts'
import type { Manifests } from '../control/manifests.ts'
import type { Publications } from '../control/publications.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Limiter } from '../gateway/limits/limiter.ts'
import type { Identity } from './identity.ts'
import type { Metrics } from './metrics.ts'

/** What the doors of the service share. */
export interface ApiContext {
  readonly gateway: Gateway
  readonly publications: Publications
  readonly landings: Landings
  readonly manifests: Manifests
  readonly drops: Drops
  readonly keys: Keys
  readonly identity: Identity
  readonly limiter: Limiter
  readonly metrics: Metrics
  /** Throws the Fault of the first thing that is not ready. */
  readonly ready: () => Promise<void>
}
