import { hash } from 'node:crypto'
import { type Question, type QuestionInput, questionSchema } from '../query/question.ts'
import type { ScopePredicate } from '../query/resolved.ts'
import type { CacheOutcome, Receipt } from './answerTypes.ts'
import type { Prepared } from './prepare.ts'

/** What a caller may keep to ask about its answer later, and to have it replayed. */
export function receiptOf({ asked, question, snapshot }: Prepared, queryId: string, cache: CacheOutcome): Receipt {
  return {
    queryId,
    catalogVersion: question.catalog.version,
    epoch: snapshot.epoch,
    cache,
    approximate: question.approximate,
    asOf: new Date(question.now).toISOString(),
    scope: scopeHash(question.scope),
    question: shortened(asked),
  }
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
