import { DAY, formatInstant, HOUR } from '../base/time.ts'
import { formatOffset, formatPeriod, formatStretch } from '../catalog/variant.ts'
import type { AnalysisColumn, Field, Predicate } from '../query/resolved.ts'
import { type Aggregate, type LogicalNode, pickOf, type Scan, type SeriesNode, scansOf } from './logical.ts'
import { stepsOf } from './series.ts'

/** The plan as indented text, the last step first: what `explain` shows and reviews read. */
export function printPlan(node: LogicalNode): string {
  const scans = scansOf(node)
  const names = new Map(scans.map((scan, i) => [scan, scans.length === 1 ? 'the rows' : `rows ${i + 1}`]))
  return [...lines(node, 0, names), ...scans.flatMap((scan) => printScan(scan, names.get(scan) ?? ''))].join('\n')
}

type ScanNames = ReadonlyMap<Scan, string>

function lines(node: LogicalNode, depth: number, scans: ScanNames): string[] {
  const at = (text: string) => `${'  '.repeat(depth)}${text}`
  const below = (input: LogicalNode) => lines(input, depth + 1, scans)
  switch (node.kind) {
    case 'limit':
      return [at(`limit ${node.count}${node.offset === 0 ? '' : ` after ${node.offset}`}`), ...below(node.input)]
    case 'order': {
      const by = node.by.map(({ column, direction }) => `${column} ${direction}`)
      return [at(`order by ${[...by, 'the keys'].join(', ')}`), ...below(node.input)]
    }
    case 'having':
      return [at(`having ${printAll(node.predicates)}`), ...below(node.input)]
    case 'withhold':
      return [at('withhold what is not final'), ...below(node.input)]
    case 'top': {
      const { n, by, direction, others } = node.top
      const rest = others ? 'the rest as others' : 'no others'
      return [
        at(`keep ${n} groups with the ${direction === 'desc' ? 'largest' : 'smallest'} ${by}, ${rest}`),
        ...below(node.input),
      ]
    }
    case 'analyse': {
      const columns = node.metrics.flatMap((metric) => (metric.kind === 'formula' ? [] : [printAnalysis(metric)]))
      return [at(`over the whole answer: ${columns.join(', ')}`), ...below(node.input)]
    }
    case 'compute': {
      const formulas = node.metrics.filter(({ kind }) => kind === 'formula').map(({ name }) => name)
      const { inputs } = node.input
      const days = inputs[0] === undefined ? [] : pickOf(inputs[0].node).input.window.days
      const shown = days.length === 0 ? '' : `, shown where ${printAll(days)}`
      const series = inputs.map((input) => printSeries(input.node, scans))
      if (inputs.length === 1)
        return [at(`compute ${formulas.join(', ')}${shown}`), ...series.map((text) => `  ${at(text)}`)]
      return [
        at(`compute ${formulas.join(', ')}${shown}`),
        `  ${at('full outer join on all keys')}`,
        ...series.map((text) => `    ${at(text)}`),
      ]
    }
  }
}

function printAnalysis(metric: AnalysisColumn): string {
  const { kind, name, of, to, within } = metric
  const whole = within.length === 0 ? 'of all' : `within ${within.join(', ')}`
  switch (kind) {
    case 'delta':
      return `${name} = ${of} - ${to}`
    case 'ratio':
      return `${name} = ${of} / ${to}`
    case 'share':
      return `${name} = share of ${of} ${whole}`
    case 'rank':
      return `${name} = rank by ${of} ${whole}`
  }
}

/** One series, from what is read to what is shown. */
function printSeries(node: SeriesNode, scans: ScanNames): string {
  const { pick, period, shifts, fill } = stepsOf(node)
  const steps = [
    ...(period === undefined ? [] : [`over ${formatPeriod(period)}`]),
    ...shifts.toReversed().map(({ offset, by, elapsed }) => {
      const part = elapsed === 'same' ? ', as far as now has come' : elapsed === 'days' ? ', whole elapsed days' : ''
      return `shifted by ${formatOffset(offset)}, ${by} by ${by}${part}`
    }),
    ...(fill === undefined ? [] : [`filled${fill.spine ? ' for every bucket' : ''} with ${fill.value ?? 'null'}`]),
  ]
  const from = `${pick.request} of ${scans.get(pick.input) ?? ''}`
  return steps.length === 0 ? from : `${from}, ${steps.join(', ')}`
}

function printScan(scan: Scan, name: string): string[] {
  if (scan.kind === 'aggregate') return [`${name}: ${printAggregate(scan)}`]
  const { credit, within } = scan.conversion
  const limit = within === undefined ? 'ever' : `within ${formatLength(within)}`
  const keys = scan.follow.fields.map((field) => field.name).join(', ')
  return [
    `${name}: ${scan.id}, each event credited to the ${credit} base event of the same ${keys} ${limit} before`,
    `  base: ${printAggregate(scan.from)}`,
    `  then: ${printAggregate(scan.follow)}`,
  ]
}

function formatLength(milliseconds: number): string {
  const units = [
    [DAY, 'day'],
    [HOUR, 'hour'],
    [60_000, 'minute'],
  ] as const
  const [length, unit] = units.find(([each]) => milliseconds % each === 0) ?? [1, 'millisecond']
  return formatStretch({ count: milliseconds / length, unit })
}

function printAggregate(node: Aggregate): string {
  const keys = [
    ...(node.base === undefined
      ? []
      : [`${node.time ?? 'time'} by ${node.base === 'exact' ? 'the instant' : node.base}`]),
    ...node.fields.map((field) => (field.bucket === undefined ? field.name : `${field.name} by ${field.bucket}`)),
  ]
  const requests = node.requests.map(({ id, metric: { snapshot } }) => {
    if (snapshot === undefined) return id
    const by = snapshot.by.length === 0 ? '' : ` of each ${snapshot.by.join(', ')}`
    return `${id} at the ${snapshot.keep} ${snapshot.grain}${by}`
  })
  const parts = [
    `aggregate ${requests.join(', ')} of ${node.process}`,
    keys.length === 0 ? 'as one total' : `by ${keys.join(', ')}`,
    printReads(node),
  ]
  if (node.filters.length > 0) parts.push(`where ${printAll(node.filters)}`)
  if (node.scope.length > 0) {
    parts.push(
      `only ${node.scope.map(({ dimension, values }) => `${dimension} in (${values.join(', ')})`).join(' and ')}`,
    )
  }
  return parts.join(' | ')
}

function printReads({ reads, window: { zone } }: Aggregate): string {
  if (reads.length === 0) return 'over no time'
  const edge = (instant: number) => formatInstant(instant, zone)
  const stretches = reads.map(({ from, to }) => {
    const end = Number.isFinite(to) ? `before ${edge(to)}` : 'the last data'
    return `from ${Number.isFinite(from) ? edge(from) : 'the first data'} to ${end}`
  })
  return `${stretches.join(' and ')} (${zone})`
}

function printAll<F extends { readonly name: string }>(predicates: readonly Predicate<F>[]): string {
  return predicates.map((predicate) => printPredicate(predicate)).join(' and ')
}

interface Named {
  readonly name: string
  readonly bucket?: Field['bucket']
  readonly part?: Field['part']
}

function nameOf({ name, bucket, part }: Named): string {
  return part !== undefined ? `${name} ${part}` : bucket === undefined ? name : `${name} by ${bucket}`
}

/** A predicate in words. */
export function printPredicate<F extends Named>(predicate: Predicate<F>): string {
  switch (predicate.kind) {
    case 'all':
    case 'any': {
      if (predicate.items.length === 0) return predicate.kind === 'all' ? 'true' : 'false'
      const word = predicate.kind === 'all' ? ' and ' : ' or '
      return `(${predicate.items.map((item) => printPredicate(item)).join(word)})`
    }
    case 'compare':
      return `${nameOf(predicate.field)} ${predicate.op} ${predicate.value}`
    case 'oneOf':
    case 'noneOf': {
      const values = [...predicate.values.slice(0, 20).map(String), ...(predicate.matchNull ? ['null'] : [])]
      const more = predicate.values.length > 20 ? `, and ${predicate.values.length - 20} more` : ''
      return `${nameOf(predicate.field)} ${predicate.kind === 'oneOf' ? 'in' : 'not in'} (${values.join(', ')}${more})`
    }
    case 'text':
      return `${nameOf(predicate.field)} ${predicate.negated ? 'not ' : ''}${predicate.op} "${predicate.value}"`
    case 'null':
      return `${nameOf(predicate.field)} is ${predicate.negated ? 'not null' : 'null'}`
    case 'during': {
      const { field, from, to, negated } = predicate
      const ends = [
        ...(from === undefined ? [] : [`from ${formatInstant(from, 'UTC')}`]),
        ...(to === undefined ? [] : [`before ${formatInstant(to, 'UTC')}`]),
      ]
      return `${nameOf(field)} ${negated ? 'not ' : ''}${ends.join(' and ')}`
    }
  }
}
