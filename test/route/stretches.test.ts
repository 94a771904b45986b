import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Day, formatDay, parseDay } from '../../src/base/time.ts'
import type { QuestionInput } from '../../src/query/question.ts'
import type { Run } from '../../src/route/run.ts'
import { compiled } from '../support/shopCatalog.ts'
import { routed, type Situation } from '../support/worldOf.ts'

const catalog = compiled()
const FIRST = parseDay('2025-12-20') ?? 0
const LAST = parseDay('2026-02-20') ?? 0

/** Each day published, in version 1 or 2, or not at all. */
const published = fc
  .array(fc.constantFrom(undefined, 1, 1, 1, 2), { minLength: LAST - FIRST, maxLength: LAST - FIRST })
  .map((versions) =>
    versions.flatMap((version, i) => (version === undefined ? [] : [`${formatDay(FIRST + i)}@${version}`])),
  )
const situations = fc.record({
  days: fc.uniqueArray(fc.integer({ min: FIRST, max: LAST }), { minLength: 2, maxLength: 2 }),
  now: fc.integer({ min: FIRST + 3, max: LAST }),
  click_day: published,
  click_detail: published,
  metrics: fc.constantFrom(['clicks'], ['clicks', 'viewers'], ['viewers']),
  grain: fc.constantFrom(undefined, 'day' as const, 'week' as const, 'hour' as const),
  down: fc.constantFrom([], ['realtime']),
})

function told({ read, finality, reason }: Run): string {
  const source = 'candidate' in read ? read.candidate.source.name : read.kind
  return `${source} ${read.kind === 'offline' ? read.version : ''} ${finality} ${reason}`
}

/** For each class of requests, each day and how it is read. */
function byDay(
  metrics: readonly string[],
  grain: 'day' | 'week' | 'hour' | undefined,
  days: readonly Day[],
  world: Situation,
) {
  const [from = 0, to = from] = days
  const time = { range: [formatDay(from), formatDay(to)], ...(grain === undefined ? {} : { grain }) }
  const question: QuestionInput = { metrics: [...metrics], time }
  return routed(question, world).aggregates.flatMap(({ maps }) =>
    maps.map(({ runs }) =>
      runs.flatMap((run) =>
        Array.from({ length: run.lastDay - run.firstDay + 1 }, (_, i) => `${run.firstDay + i} ${told(run)}`),
      ),
    ),
  )
}

it('reads each day as it is read when it is asked alone', () => {
  fc.assert(
    fc.property(situations, ({ days, now, metrics, grain, down, ...sources }) => {
      const [from = 0, to = from] = days.toSorted((a, b) => a - b)
      const world = { catalog, now: `${formatDay(now)}T10:31:00+08:00`, published: sources, down }
      const together = byDay(metrics, grain, [from, to], world)
      const alone = Array.from({ length: to - from + 1 }, (_, i) => byDay(metrics, grain, [from + i], world))
      expect(together).toEqual(together.map((_, of) => alone.flatMap((maps) => maps[of] ?? [])))
    }),
    { numRuns: 200 },
  )
})
