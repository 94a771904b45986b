import { rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { markEquivalent, wrongEntries } from './equivalent.ts'
import type { Judged, Mutant } from './mutant.ts'
import { judgeAll } from './pool.ts'
import { reportOf, scoreOf, summaryOf } from './report.ts'
import { plantTree } from './tree.ts'

/**
 * node test/mutation/run.ts [options] [rooms or files, by default src/plan and src/merge]
 *
 * Exits with 0 when the score reaches --least, with 1 when it does not, and with 2 when the run can not be relied on.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Names of suites/; each further one judges what the ones before did not kill. */
    suite: {
      type: 'string',
      multiple: true,
      default: ['algebraSplit', 'algebraPostgres', 'mergeTests', 'crownAlgebra'],
    },
    workers: { type: 'string', default: '2' },
    /** Rooms or files whose mutants are not made; what prints the plan is in no answer. */
    except: { type: 'string', multiple: true, default: ['src/plan/print.ts'] },
    /** Numbers of single mutants, as a report of the same tree names them. */
    only: { type: 'string', multiple: true, default: [] },
    least: { type: 'string', default: '0' },
    /** Where every mutant with its outcome is written as JSON. */
    json: { type: 'string' },
  },
})
const HOME = join(dirname(fileURLToPath(import.meta.url)), '../..')
const TOLD_EVERY_MS = 15_000

const rooms = positionals.length === 0 ? ['src/plan', 'src/merge'] : positionals.map((room) => room.replace(/\/$/, ''))
const started = performance.now()
const tree = plantTree(HOME, rooms, values.except)
process.on('SIGINT', () => process.exit(2))
process.on('exit', () => rmSync(tree.root, { recursive: true, force: true }))

const mutants = tree.mutants.filter(({ id }) => values.only.length === 0 || values.only.includes(String(id)))
say(`${mutants.length} mutants in ${rooms.join(', ')}`)
const verdicts = new Map<Mutant, Judged>()
let isReliable = true
try {
  for (const suite of values.suite) await judgeBy(suite)
} catch (error) {
  say(String(error))
  process.exit(2)
}
const plain = [...verdicts.values()].toSorted((a, b) => a.mutant.id - b.mutant.id)
const judged = markEquivalent(plain)
// With --only most places are not judged.
const wrong = values.only.length === 0 ? wrongEntries(plain) : []
for (const each of wrong) say(each)
if (wrong.length > 0) isReliable = false
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(judged, undefined, 1))
say(`\n${reportOf(judged)}\n\n${summaryOf(judged)}; ${seconds()} s`)
process.exit(isReliable ? (scoreOf(judged) >= Number(values.least) ? 0 : 1) : 2)

/** Judges what is not killed yet. */
async function judgeBy(suite: string): Promise<void> {
  const left = mutants.filter((mutant) => !isFound(verdicts.get(mutant)))
  let done = 0
  let told = performance.now()
  const { ready, failed, restarts } = await judgeAll(left, {
    root: tree.root,
    suite,
    workers: Math.min(Number(values.workers), Math.max(1, left.length)),
    onJudged(each) {
      const isReached = each.outcome !== 'not covered' || !verdicts.has(each.mutant)
      if (isReached) verdicts.set(each.mutant, each)
      done++
      if (performance.now() - told < TOLD_EVERY_MS) return
      told = performance.now()
      say(`${suite}: ${done} of ${left.length} mutants after ${seconds()} s`)
    },
  })
  for (const each of ready.broken) say(`fails without a mutant, and judges nothing: ${each}`)
  for (const each of failed) say(`failed without a mutant afterwards: ${each}`)
  if (failed.length > 0) isReliable = false
  const by = `${ready.cases} cases of ${Math.round(ready.duration)} ms together, ${restarts} restarts`
  say(`${suite} (${by}): ${summaryOf([...verdicts.values()])}; ${seconds()} s`)
}

function isFound(judged: Judged | undefined): boolean {
  return judged?.outcome === 'killed' || judged?.outcome === 'timeout'
}

function seconds(): string {
  return ((performance.now() - started) / 1000).toFixed(0)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
