import { didYouMean, nearest } from '../../base/didYouMean.ts'
import { buildMeasure } from '../build.ts'
import { type Draft, type DraftMetric, metricsOfDraft } from '../draft.ts'
import type { CatalogFault } from '../position.ts'
import { recipeFor } from '../recipe.ts'
import type { ProcessFile } from '../schema.ts'
import type { Rule } from './rule.ts'

/** A metric is atomic (agg), derived (from + modifiers) or composite (formula), and has what its kind needs. */
export const metricShape: Rule = (draft) => metricsOfDraft(draft).flatMap((metric) => checkKind(metric, draft))

function checkKind(metric: DraftMetric, draft: Draft): CatalogFault[] {
  const { file, path, value } = metric
  const kinds = (['agg', 'from', 'formula'] as const).filter((key) => value[key] !== undefined)
  if (kinds.length !== 1) {
    const message = `"${value.metric}" has ${kinds.length === 0 ? 'none' : kinds.join(' and ')} of agg, from, formula; one is needed.`
    return [file.fault([...path, 'metric'], 'CONTRADICTION', message)]
  }
  const foreign = foreignKeys(metric)
  if (foreign.length > 0) return foreign
  if (value.formula !== undefined) return []
  if (metric.process === undefined) {
    const message = `"${value.metric}" reads facts and so stands in the file of its process.`
    return [file.fault([...path, 'metric'], 'CONTRADICTION', message)]
  }
  return value.from === undefined ? checkAtomic(metric, metric.process) : checkDerived(metric, metric.process, draft)
}

/** Keys that belong to another kind would do nothing. */
function foreignKeys({ file, path, value }: DraftMetric): CatalogFault[] {
  const belongs = { of: 'agg', type: 'agg', modifiers: 'from', domain: 'formula' } as const
  return Object.entries(belongs).flatMap(([key, kind]) => {
    if (value[key as keyof typeof belongs] === undefined || value[kind] !== undefined) return []
    const message = `"${key}" goes with "${kind}", which "${value.metric}" does not have.`
    return [file.fault([...path, key], 'CONTRADICTION', message, [], { atKey: true })]
  })
}

function checkAtomic({ file, path, value }: DraftMetric, process: ProcessFile): CatalogFault[] {
  const aggregation = value.agg ?? 'sum'
  if (aggregation !== 'count' && value.of === undefined) {
    return [file.fault([...path, 'metric'], 'MISSING_KEY', `"${value.metric}": ${aggregation} needs "of", a measure.`)]
  }
  const measured = { name: value.metric, aggregation, of: value.of }
  const yields = process.sources.some((source) => {
    const measures = new Map(Object.entries(source.measures).map(([n, m]) => [n, buildMeasure(n, m, source.rows)]))
    return recipeFor({ rows: source.rows, measures }, measured) !== undefined
  })
  if (yields) return []
  const known = [...new Set(process.sources.flatMap((source) => Object.keys(source.measures)))]
  if (value.of !== undefined && !known.includes(value.of)) {
    const near = nearest(value.of, known)
    const message = `No source of "${process.process}" has a measure "${value.of}".${didYouMean(near)}`
    return [file.fault([...path, 'of'], 'UNKNOWN_MEASURE', message, near)]
  }
  const message = `No source of "${process.process}" can yield ${aggregation} of ${value.of ?? 'rows'}: an aggregate table must hold that state.`
  return [file.fault([...path, 'agg'], 'NOT_DERIVABLE', message)]
}

function checkDerived({ file, path, value }: DraftMetric, process: ProcessFile, draft: Draft): CatalogFault[] {
  const faults: CatalogFault[] = []
  const own = process.metrics.filter((metric) => metric.formula === undefined).map((metric) => metric.metric)
  if (value.from !== undefined && !own.includes(value.from)) {
    const elsewhere = metricsOfDraft(draft).some((other) => other.value.metric === value.from)
    const near = elsewhere ? [] : nearest(value.from, own)
    const message = elsewhere
      ? `"${value.from}" is not an atomic or derived metric of "${process.process}".`
      : `There is no metric "${value.from}" in "${process.process}".${didYouMean(near)}`
    faults.push(file.fault([...path, 'from'], 'UNKNOWN_METRIC', message, near))
  }
  const modifiers = process.modifiers.map((modifier) => modifier.modifier)
  for (const [i, modifier] of (value.modifiers ?? []).entries()) {
    if (modifiers.includes(modifier)) continue
    const near = nearest(modifier, modifiers)
    const message = `The process "${process.process}" has no modifier "${modifier}".${didYouMean(near)}`
    faults.push(file.fault([...path, 'modifiers', i], 'UNKNOWN_MODIFIER', message, near))
  }
  return faults
}
