import type { Bench } from './bench.ts'
import { overhead } from './overhead.ts'

export const overheadPostgres: Bench = {
  name: 'overhead-postgres',
  says: 'an uncached question against its SQL by hand, on a PostgreSQL server',
  run: (print) => overhead('realtime', print),
}
