import { parseArgs } from 'node:util'
import { withEngines } from '../../crown/engines.ts'
import { runMachine } from './machine.ts'

/**
 * node test/publish/machine/run.ts --steps 20000 --seed 1
 *
 * Exits with 0 when every answer was allowed, and with 1 when one was not or a step went wrong.
 */
const { values } = parseArgs({
  options: { steps: { type: 'string', default: '20000' }, seed: { type: 'string' } },
})
const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(values.seed)
const began = performance.now()
const tally = await withEngines((engines) =>
  runMachine({
    seed,
    steps: Number(values.steps),
    engines,
    onProgress: ({ steps, answers }) =>
      console.log(`seed ${seed}: ${steps} steps, ${answers} answers after ${seconds()} s`),
  }),
)
const { failure, ...counts } = tally
console.log(`seed ${seed}: ${JSON.stringify(counts)} in ${seconds()} s`)
if (failure !== undefined) console.log(`failed with seed ${seed}: ${failure}`)
// Said outright: a library that cleans up behind its servers ends the process with 0 otherwise.
process.exit(failure === undefined ? 0 : 1)

function seconds(): string {
  return ((performance.now() - began) / 1000).toFixed(1)
}
