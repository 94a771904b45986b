import type { Bench } from './bench.ts'
import { overhead } from './overhead.ts'

export const overheadChdb: Bench = {
  name: 'overhead-chdb',
  says: 'an uncached question against its SQL by hand, on chDB in the process',
  run: (print) => overhead('offline', print),
}
