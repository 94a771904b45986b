import { parseArgs } from 'node:util'
import { withHouse } from './database.ts'
import { reportOf } from './report.ts'
import { runWorlds } from './worlds.ts'

/**
 * node test/isolation/run.ts --worlds 5000 --seed 1
 *
 * Exits with 0 when nobody got anything of another's, and with 1 when somebody did or something broke.
 */
const { values } = parseArgs({
  options: {
    worlds: { type: 'string', default: '5000' },
    seed: { type: 'string' },
    /** The town to begin with, as the report of a failure names it. */
    town: { type: 'string', default: '1' },
    /** Goes on after a failure. */
    all: { type: 'boolean', default: false },
    /** Goes on until something of this kind has leaked: names, figures, or broken. */
    until: { type: 'string' },
  },
})
const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(values.seed)
const TOLD_EVERY = 500
const started = performance.now()
const kinds: Record<string, number> = {}
let told = 0

const tally = await withHouse((house) =>
  runWorlds({
    seed,
    worlds: Number(values.worlds),
    first: Number(values.town),
    house,
    onFailure(failure) {
      for (const { kind } of failure.wrongs) kinds[kind] = (kinds[kind] ?? 0) + 1
      console.log(`${reportOf(failure, seed)}\n`)
      return !values.all && (values.until === undefined || failure.wrongs.some(({ kind }) => kind === values.until))
    },
    onProgress({ worlds }) {
      if (worlds < told + TOLD_EVERY) return
      told = worlds
      console.log(`seed ${seed}: ${worlds} worlds after ${seconds()} s`)
    },
  }),
)
console.log(`seed ${seed}: ${JSON.stringify({ ...tally, ...kinds })} in ${seconds()} s`)
// Said outright: a library that cleans up behind its servers ends the process with 0 otherwise.
process.exit(tally.failures > 0 ? 1 : 0)

function seconds(): string {
  return ((performance.now() - started) / 1000).toFixed(1)
}
