import { didYouMean, nearest } from '../../base/didYouMean.ts'
import { dimensionNames } from '../build.ts'
import { buildMeasure } from '../buildSource.ts'
import { type Draft, type DraftMetric, metricsOfDraft } from '../draft.ts'
import type { CatalogFault } from '../position.ts'
import { recipeFor } from '../recipe.ts'
import type { ProcessFile } from '../schema.ts'
import type { Rule } from './rule.ts'

/** A metric is atomic (agg), derived (from), composite (formula) or a conversion, and has what its kind needs. */
export const metricShape: Rule = (draft) => metricsOfDraft(draft).flatMap((metric) => checkKind(metric, draft))

const KINDS = ['agg', 'from', 'formula', 'conversion'] as const

function checkKind(metric: DraftMetric, draft: Draft): CatalogFault[] {
  const { file, path, value } = metric
  const kinds = KINDS.filter((key) => value[key] !== undefined)
  if (kinds.length !== 1) {
    const message = `"${value.metric}" has ${kinds.length === 0 ? 'none' : kinds.join(' and ')} of agg, from, formula, conversion; one is needed.`
    return [file.fault([...path, 'metric'], 'CONTRADICTION', message)]
  }
  const foreign = foreignKeys(metric)
  if (foreign.length > 0) return foreign
  if (value.formula !== undefined) return []
  if (value.from !== undefined) return checkDerived(metric, draft)
  if (value.conversion !== undefined) return checkConversion(metric, draft)
  if (metric.process === undefined) {
    const message = `"${value.metric}" reads facts and so stands in the file of its process.`
    return [file.fault([...path, 'metric'], 'CONTRADICTION', message)]
  }
  return checkAtomic(metric, metric.process)
}

const BELONGS = {
  of: ['agg'],
  type: ['agg'],
  percentile: ['agg'],
  algorithm: ['agg'],
  time: ['agg'],
  snapshot: ['agg'],
  modifiers: ['from'],
  filters: ['from'],
  period: ['from'],
  offset: ['from'],
  inputs: ['formula'],
  domain: ['formula', 'from', 'conversion'],
} as const

/** Keys that belong to another kind would do nothing. */
function foreignKeys({ file, path, value }: DraftMetric): CatalogFault[] {
  return Object.entries(BELONGS).flatMap(([key, kinds]) => {
    if (value[key as keyof typeof BELONGS] === undefined || kinds.some((kind) => value[kind] !== undefined)) return []
    const message = `"${key}" goes with "${kinds.join('" or "')}", which "${value.metric}" does not have.`
    return [file.fault([...path, key], 'CONTRADICTION', message, [], { atKey: true })]
  })
}

function checkAtomic({ file, path, value }: DraftMetric, process: ProcessFile): CatalogFault[] {
  const aggregation = value.agg ?? 'sum'
  const contradictions = checkAggregation({ file, path, value, process })
  if (contradictions.length > 0) return contradictions
  if (aggregation !== 'count' && value.of === undefined) {
    return [file.fault([...path, 'metric'], 'MISSING_KEY', `"${value.metric}": ${aggregation} needs "of", a measure.`)]
  }
  const measured = { name: value.metric, aggregation, of: value.of, algorithm: value.algorithm ?? 'exact' }
  const yields = process.sources.some((source) => {
    const measures = new Map(Object.entries(source.measures).map(([n, m]) => [n, buildMeasure(n, m, source.rows)]))
    return recipeFor({ rows: source.rows, measures, unique: source.unique }, measured) !== undefined
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

/** What an aggregation needs besides its measure, and what only some of them can have. */
function checkAggregation({ file, path, value, process }: DraftMetric): CatalogFault[] {
  const faults: CatalogFault[] = []
  const refuse = (key: string, message: string) =>
    faults.push(file.fault([...path, key], 'CONTRADICTION', `"${value.metric}": ${message}`))
  const { agg: aggregation = 'sum', percentile, algorithm, time, snapshot } = value
  if (aggregation === 'percentile' && percentile === undefined)
    faults.push(
      file.fault([...path, 'agg'], 'MISSING_KEY', `"${value.metric}": say which with percentile: { p: 0.95 }.`),
    )
  if (aggregation !== 'percentile' && percentile !== undefined) refuse('percentile', 'goes with agg: percentile.')
  if (algorithm === 'approximate' && !['count_distinct', 'median', 'percentile'].includes(aggregation))
    refuse('algorithm', `${aggregation} is always exact; only distinct counts and percentiles can be approximate.`)
  const times = [...new Set((process?.sources ?? []).flatMap((source) => Object.keys(source.times)))]
  if (time !== undefined && !times.includes(time)) {
    const near = nearest(time, times)
    faults.push(
      file.fault([...path, 'time'], 'UNKNOWN_TIME', `No source has a time "${time}".${didYouMean(near)}`, near),
    )
  }
  const carried = process === undefined ? [] : dimensionNames(process)
  for (const [i, by] of (snapshot?.by ?? []).entries()) {
    if (carried.includes(by)) continue
    const near = nearest(by, carried)
    const message = `The process carries no dimension "${by}".${didYouMean(near)}`
    faults.push(file.fault([...path, 'snapshot', 'by', i], 'UNKNOWN_DIMENSION', message, near))
  }
  return faults
}

/** The atomic metric that a metric is derived from. */
function rootOf(name: string, draft: Draft, seen: ReadonlySet<string> = new Set()): DraftMetric | undefined {
  const metric = metricsOfDraft(draft).find(({ value }) => value.metric === name)
  if (metric === undefined || seen.has(name) || metric.value.agg !== undefined) return metric
  return metric.value.from === undefined ? undefined : rootOf(metric.value.from, draft, new Set([...seen, name]))
}

/** The processes a metric reads, as far as the draft can be followed. */
export function processesOf(name: string, draft: Draft, seen: ReadonlySet<string> = new Set()): ProcessFile[] {
  const metric = metricsOfDraft(draft).find(({ value }) => value.metric === name)
  if (metric === undefined || seen.has(name)) return []
  const { value, process } = metric
  const next = new Set([...seen, name])
  if (value.from !== undefined) return processesOf(value.from, draft, next)
  if (value.conversion !== undefined) return processesOf(value.conversion.base, draft, next)
  return process === undefined || value.formula !== undefined ? [] : [process]
}

function checkDerived({ file, path, value }: DraftMetric, draft: Draft): CatalogFault[] {
  const faults: CatalogFault[] = []
  const names = metricsOfDraft(draft).map((metric) => metric.value.metric)
  if (value.from !== undefined && !names.includes(value.from)) {
    const near = nearest(value.from, names)
    faults.push(
      file.fault([...path, 'from'], 'UNKNOWN_METRIC', `There is no metric "${value.from}".${didYouMean(near)}`, near),
    )
  }
  for (const process of processesOf(value.from ?? '', draft)) {
    const modifiers = process.modifiers.map((modifier) => modifier.modifier)
    for (const [i, modifier] of (value.modifiers ?? []).entries()) {
      if (modifiers.includes(modifier)) continue
      const near = nearest(modifier, modifiers)
      const message = `The process "${process.process}" has no modifier "${modifier}".${didYouMean(near)}`
      faults.push(file.fault([...path, 'modifiers', i], 'UNKNOWN_MODIFIER', message, near))
    }
  }
  return faults
}

function checkConversion({ file, path, value }: DraftMetric, draft: Draft): CatalogFault[] {
  const { conversion } = value
  if (conversion === undefined) return []
  const names = metricsOfDraft(draft).map((metric) => metric.value.metric)
  return (['base', 'then'] as const).flatMap((side) => {
    const name = conversion[side]
    const at = [...path, 'conversion', side]
    if (!names.includes(name)) {
      const near = nearest(name, names)
      return [file.fault(at, 'UNKNOWN_METRIC', `There is no metric "${name}".${didYouMean(near)}`, near)]
    }
    const [process] = processesOf(name, draft)
    const root = rootOf(name, draft)
    if (root !== undefined && root.value.agg !== 'count') {
      const message = `"${name}" is no count of events (agg: count), which a conversion is made of.`
      return [file.fault(at, 'CONTRADICTION', message)]
    }
    if (process === undefined) return [file.fault(at, 'CONTRADICTION', `"${name}" counts no events of one process.`)]
    const carried = dimensionNames(process)
    return [conversion.entity, ...conversion.match].flatMap((dimension) => {
      if (carried.includes(dimension)) return []
      const near = nearest(dimension, carried)
      const message = `The process "${process.process}" of "${name}" does not carry "${dimension}".${didYouMean(near)}`
      return [file.fault([...path, 'conversion'], 'UNKNOWN_DIMENSION', message, near)]
    })
  })
}
