import { hash } from 'node:crypto'
import { formatDay } from '../base/time.ts'
import { type Question, type QuestionInput, questionSchema } from '../query/question.ts'
import type { ScopePredicate } from '../query/resolved.ts'
import type { PhysicalPlan } from '../route/physical.ts'
import type { CacheOutcome, PinnedVersion, Receipt } from './answerTypes.ts'
import type { Prepared } from './prepare.ts'

/** What a caller may keep to ask about its answer later, and to have it replayed. */
export function receiptOf(
  { asked, question, snapshot, physical }: Prepared,
  queryId: string,
  cache: CacheOutcome,
): Receipt {
  return {
    queryId,
    catalogVersion: question.catalog.version,
    epoch: snapshot.epoch,
    cache,
    approximate: question.approximate,
    asOf: new Date(question.now).toISOString(),
    scope: scopeHash(question.scope),
    versions: versionsOf(physical),
    question: shortened(asked),
  }
}

const pinned = new WeakMap<PhysicalPlan, readonly PinnedVersion[]>()

/** What was read of published versions: consecutive days of one version together. */
function versionsOf(physical: PhysicalPlan): readonly PinnedVersion[] {
  const known = pinned.get(physical)
  if (known !== undefined) return known
  const runs = physical.aggregates.flatMap(({ maps }) => maps.flatMap((map) => map.runs))
  const found = runs.flatMap(({ read, firstDay, lastDay }): PinnedVersion[] => {
    if (read.kind !== 'offline' || read.version === undefined) return []
    const { name, complete } = read.candidate.source
    if (complete !== 'published') return []
    return [{ source: name, from: formatDay(firstDay), to: formatDay(lastDay), version: read.version }]
  })
  const versions = [...new Map(found.map((each) => [JSON.stringify(each), each])).values()]
  pinned.set(physical, versions)
  return versions
}

/** Tells scopes apart without naming them. */
export function scopeHash(scope: readonly ScopePredicate[]): string | null {
  if (scope.length === 0) return null
  const parts = scope.map(({ dimension, values }) => [dimension, values.toSorted()])
  return hash('sha256', JSON.stringify(parts.toSorted()), 'base64url').slice(0, 22)
}

const DEFAULTS: Readonly<Record<string, unknown>> = questionSchema.parse({ metrics: ['any'] })
const shorts = new WeakMap<Question, QuestionInput>()

/** A question without what its defaults say, and without how fresh and how far on it was to be. */
function shortened(asked: Question): QuestionInput {
  const known = shorts.get(asked)
  if (known !== undefined) return known
  const { maxStaleness: _, cursor: __, ...rest } = asked
  const told = Object.entries(rest).filter(
    ([key, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(DEFAULTS[key]),
  )
  const short: QuestionInput = Object.fromEntries(told)
  shorts.set(asked, short)
  return short
}
