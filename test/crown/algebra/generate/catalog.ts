import type { Random } from '../../../support/random.ts'
import { plus as later } from '../../oracle/calendar.ts'
import { exact, isExact, type Measured, minus, plus, times } from '../../oracle/exact.ts'
import type { Catalog, Dataset, FillParts, Filter, MetricFile, MetricModel, PeriodText } from '../model.ts'
import { asNumber } from '../oracle/columns.ts'
import { makeFilter } from './filters.ts'

type Name = 'visit' | 'buy'

/** A catalog of its own over the tables of a dataset: atomic metrics of every kind, and what is made of them. */
export function makeCatalog(random: Random, dataset: Dataset): Catalog {
  const fields = {
    visit: ['channel', 'region', 'user', 'flag', 'size', 'user.tier'],
    buy: ['channel', 'region', 'user'],
  }
  const filtered = (of: Name) => [makeFilter(random, fields[of], 1)]
  const own = (of: Name) => atomicMetrics(random, of, isUnique(dataset, of))
  const derived = (of: Name) => derivedMetrics(random, of, filtered)
  return {
    modifiers: {
      visit: { picked: filtered('visit'), flagged: [{ field: 'flag', op: 'eq', values: [true] }] },
      buy: { picked: filtered('buy') },
    },
    seasons: seasons(random, dataset),
    metrics: [
      ...own('visit'),
      ...own('buy'),
      ...derived('visit'),
      ...derived('buy'),
      ...conversions(random),
      ...composites(random),
    ],
  }
}

function isUnique({ processes }: Dataset, of: Name): boolean {
  return processes.some(({ name, unique }) => name === of && unique)
}

/** Periods of some days each, with gaps between some. */
function seasons(random: Random, { days }: Dataset) {
  const found: { label: string; from: string; to: string }[] = []
  let from = days[0] ?? ''
  while (from <= (days.at(-1) ?? '')) {
    const to = later(from, random.int(3, 20))
    if (random.chance(0.8)) found.push({ label: `season ${String(found.length + 1).padStart(2, '0')}`, from, to })
    from = later(to, 1)
  }
  return found.length > 0 ? found : [{ label: 'season 01', from, to: later(from, 9) }]
}

function atomicMetrics(random: Random, process: Name, unique: boolean): MetricModel[] {
  const all: MetricFile[] = [
    { metric: 'rows', agg: 'count' },
    { metric: 'amount', agg: 'sum', of: 'amount' },
    { metric: 'amounts', agg: 'count', of: 'amount' },
    { metric: 'units', agg: 'sum', of: 'units', type: 'integer' },
    { metric: 'least', agg: 'min', of: 'amount' },
    { metric: 'most', agg: 'max', of: 'units', type: 'integer' },
    { metric: 'mean', agg: 'avg', of: 'amount' },
    { metric: 'viewers', agg: 'count_distinct', of: 'viewer' },
    { metric: 'about_viewers', agg: 'count_distinct', of: 'viewer', algorithm: 'approximate' },
    { metric: 'flags', agg: 'sum_boolean', of: 'flagged' },
    { metric: 'middle', agg: 'median', of: 'amount' },
    percentileOf(random, 'p_continuous', 'continuous'),
    percentileOf(random, 'p_discrete', 'discrete'),
    { ...percentileOf(random, 'about_p', 'discrete'), algorithm: 'approximate' },
    { metric: 'spread', agg: 'variance', of: 'amount' },
    { metric: 'deviation', agg: 'stddev', of: 'units' },
    { metric: 'opening', agg: 'first', of: 'amount' },
    { metric: 'closing', agg: 'last', of: 'amount' },
    { metric: 'paid', agg: 'sum', of: 'amount', time: 'paid_at' },
    { metric: 'paid_rows', agg: 'count', time: 'paid_at' },
    { metric: 'stock', agg: 'sum', of: 'units', type: 'integer', snapshot: snapshot(random, []) },
    {
      metric: 'stock_by',
      agg: 'sum',
      of: 'amount',
      snapshot: snapshot(random, random.pick([['channel'], ['user'], ['channel', 'region']])),
    },
    { metric: 'stock_viewers', agg: 'count_distinct', of: 'viewer', snapshot: snapshot(random, []) },
    { metric: 'amount_0', agg: 'sum', of: 'amount', fill: { value: 0 } },
    { metric: 'rows_spine', agg: 'count', fill: makeFill(random) },
  ]
  // Without a unique column two rows of one moment are told apart by value alone, which the rows here never need.
  const files = unique || random.chance(0.5) ? all : all.filter(({ agg }) => agg !== 'first' && agg !== 'last')
  return files.map((file) => ({ file: named(file, process), process }))
}

function named(file: MetricFile, process: Name): MetricFile {
  return { ...file, metric: `${process}_${file.metric}` }
}

function percentileOf(random: Random, metric: string, method: 'continuous' | 'discrete'): MetricFile {
  return {
    metric,
    agg: 'percentile',
    of: 'amount',
    percentile: { p: random.pick([0, 0.1, 0.25, 0.5, 0.75, 0.9, 1]), method },
  }
}

function snapshot(random: Random, by: readonly string[]) {
  return { keep: random.pick(['last', 'first'] as const), by, grain: random.pick(['day', 'day', 'hour', 'week']) }
}

export function makeFill(random: Random): FillParts {
  return {
    spine: random.chance(0.6),
    value: random.pick([0, 7, null, 'previous'] as const),
    groups: random.pick(['each', null] as const),
  }
}

const PERIODS: readonly PeriodText[] = [
  'trailing 1 day',
  'trailing 3 days',
  'trailing 2 weeks',
  'trailing 1 month',
  'trailing 5 hours',
  'leading 3 days',
  'leading 1 week',
  'week to date',
  'month to date',
  'quarter to date',
  'season to date',
  'all time',
  { trailing: '3 days', leading: '2 days' },
  { trailing: '3 days', at: 'first' },
  { trailing: '2 days', at: 'average' },
  { trailing: '1 week', at: 'average' },
  { trailing: '3 days', atStart: true },
  { leading: '3 days', atStart: true },
  { trailing: 'all', leading: 'all' },
  { toDate: 'month', at: 'first' },
]

export function makePeriod(random: Random): PeriodText {
  return random.pick(PERIODS)
}

export function makeOffset(random: Random): string {
  return random.pick([
    '1 day',
    '3 days',
    '7 days',
    '1 week',
    '2 weeks',
    '1 month',
    '2 months',
    '1 quarter',
    'start of month',
    'start of week',
    '30 days',
  ])
}

const BASES = [
  'rows',
  'amount',
  'units',
  'viewers',
  'mean',
  'middle',
  'p_discrete',
  'spread',
  'flags',
  'most',
  'closing_or_rows',
]

function baseOf(random: Random, process: Name): string {
  const name = random.pick(BASES)
  return `${process}_${name === 'closing_or_rows' ? 'rows' : name}`
}

function derivedMetrics(random: Random, process: Name, filtered: (of: Name) => readonly Filter[]): MetricModel[] {
  const base = () => baseOf(random, process)
  const files: MetricFile[] = [
    { metric: 'picked', from: base(), modifiers: ['picked'] },
    { metric: 'filtered', from: base(), filters: filtered(process) },
    { metric: 'rows_picked', from: `${process}_rows`, modifiers: ['picked'] },
    { metric: 'window', from: base(), period: makePeriod(random) },
    { metric: 'window_2', from: base(), period: makePeriod(random), filters: filtered(process) },
    { metric: 'paid_window', from: `${process}_paid`, period: 'trailing 3 days' },
    { metric: 'before', from: base(), offset: makeOffset(random) },
    { metric: 'before_2', from: base(), offset: makeOffset(random), modifiers: ['picked'] },
    { metric: 'window_before', from: `${process}_window`, offset: random.pick(['1 day', '7 days', '1 month']) },
    { metric: 'before_before', from: `${process}_before`, offset: random.pick(['1 day', '2 weeks', '1 month']) },
  ]
  return files.map((file) => ({ file: named(file, process), process }))
}

function conversions(random: Random): MetricModel[] {
  const match = () => random.pick([[], [], ['channel'], ['channel', 'region']])
  const within = () => (random.chance(0.8) ? { within: random.pick(['1 day', '5 days', '36 hours', '2 weeks']) } : {})
  return (['latest', 'first', 'every'] as const).map((credit, i) => ({
    file: {
      metric: `converted_${credit}`,
      conversion: {
        base: i === 2 ? 'visit_rows_picked' : 'visit_rows',
        // biome-ignore lint/suspicious/noThenProperty: the catalog's word; nothing awaits a metric
        then: random.pick(['buy_rows', 'buy_rows_picked']),
        entity: 'user',
        ...within(),
        match: match(),
        credit,
      },
    },
    process: 'visit',
  }))
}

type Formula = (inputs: readonly Measured[]) => Measured

const both =
  (of: (a: Exclude<Measured, null>, b: Exclude<Measured, null>) => Measured): Formula =>
  ([a = null, b = null]) =>
    a === null || b === null ? null : of(a, b)

const added: Formula = both((a, b) => (isExact(a) && isExact(b) ? plus(a, b) : asNumber(a) + asNumber(b)))
const divided: Formula = both((a, b) => (asNumber(b) === 0 ? null : asNumber(a) / asNumber(b)))
const orZero = (a: Measured): Measured => a ?? exact(0)

/** Ratios, differences and coalesce, over inputs in variants of their own and over both processes. */
function composites(random: Random): MetricModel[] {
  const offset = () => random.pick(['1 day', '7 days', '1 month', '2 weeks'])
  const composite = (
    file: MetricFile,
    names: readonly string[],
    evaluate: Formula,
    process: Name | undefined = undefined,
  ): MetricModel => ({ file, process, names, evaluate })
  return [
    composite(
      { metric: 'ticket', formula: 'visit_amount / visit_rows' },
      ['visit_amount', 'visit_rows'],
      divided,
      'visit',
    ),
    composite({ metric: 'rate', formula: 'buy_rows / visit_viewers' }, ['buy_rows', 'visit_viewers'], divided),
    composite(
      { metric: 'both', formula: 'coalesce(visit_amount, 0) + coalesce(buy_amount, 0)' },
      ['visit_amount', 'buy_amount'],
      ([a = null, b = null]) => added([orZero(a), orZero(b)]),
    ),
    composite(
      { metric: 'both_0', formula: 'visit_amount_0 + buy_amount_0' },
      ['visit_amount_0', 'buy_amount_0'],
      added,
    ),
    composite(
      {
        metric: 'growth',
        formula: '(visit_amount - before) / before',
        inputs: { before: { metric: 'visit_amount', offset: offset() } },
      },
      ['visit_amount', 'before'],
      ([a = null, b = null]) =>
        divided([both((x, y) => (isExact(x) && isExact(y) ? minus(x, y) : asNumber(x) - asNumber(y)))([a, b]), b]),
    ),
    composite(
      {
        metric: 'part',
        formula: 'flagged_rows / week_rows',
        inputs: {
          flagged_rows: { metric: 'visit_rows', modifiers: ['flagged'] },
          week_rows: {
            metric: 'visit_rows',
            period: random.pick(['trailing 7 days', 'month to date', 'leading 2 days']),
          },
        },
      },
      ['flagged_rows', 'week_rows'],
      divided,
      'visit',
    ),
    composite(
      {
        metric: 'mixed',
        formula: 'least * 2 + b',
        inputs: {
          least: { metric: 'visit_least', filters: [{ field: 'region', op: 'eq', values: ['n'] }] },
          b: { metric: 'buy_units', period: 'trailing 3 days', offset: random.pick(['1 day', '7 days']) },
        },
      },
      ['least', 'b'],
      both((a, b) => (isExact(a) && isExact(b) ? plus(times(a, exact(2)), b) : asNumber(a) * 2 + asNumber(b))),
    ),
    composite(
      { metric: 'conversion_rate', formula: 'converted_latest / visit_rows' },
      ['converted_latest', 'visit_rows'],
      divided,
      'visit',
    ),
    composite(
      { metric: 'nested', formula: 'ticket / 2 + rate' },
      ['ticket', 'rate'],
      both((a, b) => asNumber(a) / 2 + asNumber(b)),
    ),
  ]
}
