import { parseArgs } from 'node:util'
import { withEngines } from '../engines.ts'
import { reportOf } from './report.ts'
import { runAlgebra } from './worlds.ts'

/**
 * node test/crown/algebra/run.ts --worlds 2000 --seed 1
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

const started = performance.now()
let crashes = 0
let mismatches = 0
const tally = await withEngines((engines) =>
  runAlgebra({
    seed,
    worlds: Number(values.worlds),
    first: Number(values.dataset),
    engines,
    prefix: `${process.pid}_`,
    onFailure(failure) {
      console.log(`${reportOf(failure)}\n`)
      if (failure.kind === 'crash') crashes++
      else mismatches++
      return !values.all
    },
  }),
)
console.log(`seed ${seed}: ${JSON.stringify(tally)} in ${((performance.now() - started) / 1000).toFixed(1)} s`)
// Said outright: a library that cleans up behind its servers ends the process with 0 otherwise.
process.exit(mismatches > 0 ? 1 : crashes > 0 ? 2 : 0)
