import { parseArgs } from 'node:util'
import { withEngines } from './engines.ts'
import { reportOf } from './report.ts'
import { runWorlds } from './worlds.ts'

/**
 * node test/crown/run.ts --worlds 2000 --seed 1
 *
 * Exits with 0 when every world was answered as it must be, with 1 when some answer was wrong, and with 2 when nothing
 * was wrong but something broke.
 */
const { values } = parseArgs({
  options: {
    worlds: { type: 'string', default: '2000' },
    seed: { type: 'string' },
    /** The dataset to begin with, as the report of a failure names it. */
    dataset: { type: 'string', default: '0' },
    /** Goes on after a mismatch. */
    all: { type: 'boolean', default: false },
  },
})
const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(values.seed)
const MOST_CRASHES = 30
const TOLD_EVERY = 500

const started = performance.now()
let crashes = 0
let mismatches = 0
let told = 0
const tally = await withEngines((engines) =>
  runWorlds({
    seed,
    worlds: Number(values.worlds),
    first: Number(values.dataset),
    engines,
    prefix: `${process.pid}_`,
    async onFailure(failure) {
      console.log(await reportOf(failure, seed))
      if (failure.kind === 'crash') crashes++
      else mismatches++
      return !values.all && (failure.kind === 'mismatch' || crashes >= MOST_CRASHES)
    },
    onProgress({ worlds }) {
      if (worlds < told + TOLD_EVERY) return
      told = worlds
      console.log(`seed ${seed}: ${worlds} worlds after ${seconds()} s`)
    },
  }),
)
console.log(`seed ${seed}: ${JSON.stringify(tally)} in ${seconds()} s`)
// Said outright: a library that cleans up behind its servers ends the process with 0 otherwise.
process.exit(mismatches > 0 ? 1 : crashes > 0 ? 2 : 0)

function seconds(): string {
  return ((performance.now() - started) / 1000).toFixed(1)
}
