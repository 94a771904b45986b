import { Fault, faultDetail } from '../base/faults.ts'
import { type Finality, worst } from '../base/finality.ts'
import { holds } from '../merge/having.ts'
import { isDecimal, toJson, type Value } from '../merge/value.ts'
import type { Entities, EntityKeys, EntityNeed } from '../query/entities.ts'
import { bindFilter } from '../query/filters.ts'
import { type Question, questionSchema } from '../query/question.ts'
import type { MetricRef, NormalValue, Predicate } from '../query/resolved.ts'
import type { Answer } from './answerTypes.ts'

/** Entities that a filter may be decided by: a statement carries their keys. */
const MOST_ENTITIES = 10_000
const MOST_ASKED = 1_000_000

/**
 * What metrics per entity are: each is asked as a question of its own, over all of its time and without the filters of
 * the question, and its answer becomes a list of keys. The caller's scope is in that question as in every other.
 */
export async function findEntities(
  needs: readonly EntityNeed[],
  ask: (question: Question) => Promise<Answer>,
): Promise<Entities> {
  return new Map(
    await Promise.all(needs.map(async (need) => [need.id, keysOf(need, await ask(questionOf(need)))] as const)),
  )
}

function questionOf({ metric, per, modifiers, filters }: EntityNeed): Question {
  const asked = questionSchema.parse({ metrics: [{ metric, modifiers, filters, as: 'compared' }], dimensions: [per] })
  return { ...asked, limit: MOST_ASKED }
}

/** The entities for which a comparison holds; for a metric that nothing gives it is compared as null. */
function keysOf(need: EntityNeed, { values, columns, rowCount, freshness }: Answer): EntityKeys {
  const keys = values[0] ?? []
  const metric = values[1] ?? []
  const finality = values[columns.length - 1] ?? []
  const condition = predicateOf(need)
  const test = (value: Value): boolean => holds(condition, () => value) === true
  const absent = test(null)
  const listed: NormalValue[] = []
  for (let row = 0; row < rowCount; row++) {
    const key = keys[row] ?? null
    // A null key joins nothing: its rows have no metric.
    if (key !== null && test(metric[row] ?? null) !== absent) listed.push(normal(key))
  }
  if (listed.length > MOST_ENTITIES) {
    const message = `The filter by ${need.metric} per ${need.per} holds for ${listed.length} of them; ${MOST_ENTITIES} are the most. Compare more strictly, or make it an attribute.`
    throw Fault.at([faultDetail('OVER_BUDGET', '/filters', message)])
  }
  // Also where nothing was found: days that are not final may yet hold some.
  const read = freshness.sources.map((source) => source.finality)
  return { kind: absent ? 'noneOf' : 'oneOf', values: listed, finality: worst([...read, ...(finality as Finality[])]) }
}

function predicateOf({ op, values, negated }: EntityNeed): Predicate<MetricRef> {
  const faults: Parameters<typeof bindFilter>[3] = []
  const bound = bindFilter<MetricRef>(
    { field: 'compared', op, values: [...values] },
    ['filters'],
    { field: () => ({ field: { name: 'compared' }, type: 'number', edge: undefined }), entity: () => undefined },
    faults,
    negated,
  )
  if (faults.length > 0) throw Fault.at(faults)
  return bound
}

function normal(key: Exclude<Value, null>): NormalValue {
  return typeof key === 'boolean' || typeof key === 'string' ? key : isDecimal(key) ? toJson(key) : String(key)
}
