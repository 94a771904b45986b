import type { Bench } from './bench.ts'
import { cached } from './cached.ts'
import { map } from './map.ts'
import { overheadChdb } from './overheadChdb.ts'
import { overheadPostgres } from './overheadPostgres.ts'
import { planning } from './planning.ts'
import { stampede } from './stampede.ts'
import { states } from './states.ts'

/** Every bench, in the order in which they are printed. */
export const BENCHES: readonly Bench[] = [overheadPostgres, overheadChdb, cached, stampede, planning, map, states]
