import { allowedFor, type Leeway, type Reading } from './judge.ts'
import type { Life } from './life.ts'

/** Steps that are told before a failure. */
const STEPS_TOLD = 25
const ANSWERS_TOLD = 3

/** A failure in words: what was seen, what would have been right, and what had been done. */
export function failureOf(what: string, { history }: Life, reading: Reading | undefined, leeway: Leeway): string {
  const { from, to } = reading ?? { from: history.done, to: history.done }
  const lines = [what, `between the states ${from} and ${to}, ${leeway.live > 0 ? 'with' : 'without'} a cache`]
  if (reading !== undefined) {
    const { asked, plain, asOf } = reading
    lines.push(`asked   ${JSON.stringify(asked)}`, `got     ${JSON.stringify(plain)} as of ${asOf}`)
    const allowed = [...allowedFor(reading, history, leeway)].slice(0, ANSWERS_TOLD)
    lines.push(...allowed.map((each) => `allowed ${JSON.stringify(each)}`))
  }
  return [...lines, ...history.told(Math.max(0, from - STEPS_TOLD), to)].join('\n')
}
