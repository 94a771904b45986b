import type { Random } from '../../support/random.ts'
import { DAYS, type ProcessName } from './mill.ts'

/** A question of a reader, in the words of the API. */
export interface Asked {
  readonly metrics: readonly MetricName[]
  readonly time: { readonly range: readonly [string, string]; readonly grain?: 'day' | 'week' }
  readonly finality: 'any' | 'final' | 'finalOnly'
  readonly missing: 'null' | 'partial'
  readonly fill: 'none' | 'zero'
}

/** Metrics by the processes that they read. */
export const METRICS = {
  grain_sacks: ['grain'],
  grain_kilos: ['grain'],
  flour_sacks: ['flour'],
  flour_kilos: ['flour'],
  all_kilos: ['grain', 'flour'],
} as const satisfies Record<string, readonly ProcessName[]>
export type MetricName = keyof typeof METRICS

const COLUMNS: readonly (readonly MetricName[])[] = [
  ['grain_sacks', 'grain_kilos'],
  ['flour_sacks', 'flour_kilos'],
  ['all_kilos'],
  ['all_kilos', 'grain_kilos', 'flour_kilos'],
  ['grain_sacks', 'flour_sacks'],
]
/** A question that comes again is one that caches know. */
const POOL = 40

/** The questions that the readers of a life ask. */
export function makeQuestions(random: Random): readonly Asked[] {
  return Array.from({ length: POOL }, () => makeQuestion(random))
}

function makeQuestion(random: Random): Asked {
  const grain = random.weighted([
    [5, 'day'],
    [2, 'week'],
    [4, undefined],
  ] as const)
  return {
    metrics: random.pick(COLUMNS),
    time: { range: makeRange(random), ...(grain === undefined ? {} : { grain }) },
    finality: random.weighted([
      [6, 'any'],
      [2, 'final'],
      [2, 'finalOnly'],
    ] as const),
    missing: random.chance(0.3) ? 'partial' : 'null',
    fill: random.chance(0.4) ? 'zero' : 'none',
  }
}

/** Begins before the first moment of a life in every zone. */
function makeRange(random: Random): readonly [string, string] {
  if (random.chance(0.3)) return [DAYS[0] ?? '', DAYS.at(-1) ?? '']
  const first = random.int(0, 3)
  return [DAYS[first] ?? '', DAYS[random.int(first, DAYS.length - 1)] ?? '']
}
