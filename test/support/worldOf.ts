import { parseDay } from '../../src/base/time.ts'
import type { Catalog } from '../../src/catalog/catalog.ts'
import { buildPlan } from '../../src/plan/build.ts'
import { rewrite } from '../../src/plan/rewrite.ts'
import type { QuestionInput } from '../../src/query/question.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import { resolve } from '../../src/query/resolve.ts'
import type { ScopePredicate } from '../../src/query/resolved.ts'
import { type PhysicalPlan, route } from '../../src/route/physical.ts'
import { completenessOf, type Snapshot } from '../../src/route/snapshot.ts'

/** A situation for the pure rooms: what is published, which stores are down, who asks, and when. */
export interface Situation {
  readonly catalog: Catalog
  /** An ISO instant. */
  readonly now: string
  /** Source -> published days, `2026-11-01..2026-11-18` or single ones; version 1 unless `day@version`. */
  readonly published?: Readonly<Record<string, readonly string[]>>
  readonly down?: readonly string[]
  /** Source -> the newest event of a stream that has fallen silent, an ISO instant; undefined when it has none. */
  readonly silent?: Readonly<Record<string, string | undefined>>
  readonly scope?: readonly ScopePredicate[]
}

export function snapshotOf({ published = {} }: Pick<Situation, 'published'>): Snapshot {
  const sources = Object.entries(published).map(([source, days]) => {
    const versions = new Map(days.flatMap(daysOf))
    return [source, completenessOf(versions)] as const
  })
  return { epoch: 1, sources: new Map(sources) }
}

function daysOf(text: string): [number, number][] {
  const [range = '', version = '1'] = text.split('@')
  const [from = '', to = from] = range.split('..')
  const first = parseDay(from) ?? Number.NaN
  const last = parseDay(to) ?? Number.NaN
  return Array.from({ length: last - first + 1 }, (_, i) => [first + i, Number(version)])
}

/** The physical plan of a question in a situation. */
export function routed(question: QuestionInput, situation: Situation): PhysicalPlan {
  const { catalog, now, scope = [], down = [], silent = {} } = situation
  const { question: resolved } = resolve(readQuestion(question), { catalog, now: Date.parse(now), scope })
  const plan = rewrite(buildPlan(resolved), resolved.calendars)
  return route(plan, resolved, {
    snapshot: snapshotOf(situation),
    now: Date.parse(now),
    down: new Set(down),
    silent: new Map(
      Object.entries(silent).map(([source, at]) => [source, { newest: at === undefined ? undefined : Date.parse(at) }]),
    ),
  })
}
