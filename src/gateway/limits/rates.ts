import type { Role } from '../caller.ts'
import type { Rate } from './bucket.ts'

/** What callers may ask whose contract says nothing else. Admins may ask what they like. */
export type Rates = Readonly<Record<Exclude<Role, 'admin'>, Rate>>

export const DEFAULT_RATES: Rates = {
  // Whoever reads on loopback without a key is one program on the same machine, often a load test.
  open: { perSecond: 100_000, burst: 100_000 },
  service: { perSecond: 500, burst: 1000 },
  analyst: { perSecond: 50, burst: 100 },
  tenant: { perSecond: 20, burst: 40 },
}
