import type { Publications } from '../control/publications.ts'
import type { Gateway } from '../gateway/gateway.ts'

/** What the doors of the service share. */
export interface ApiContext {
  readonly gateway: Gateway
  readonly publications: Publications
  /** Reading needs no credential; only where the server listens on loopback alone. */
  readonly openReading: boolean
  /** Credentials that may write; none means nobody may. */
  readonly adminKeys: readonly string[]
  /** Throws the Fault of the first thing that is not ready. */
  readonly ready: () => Promise<void>
}
