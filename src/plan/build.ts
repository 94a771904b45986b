import { DAY, dayOf, startOfDay, union } from '../base/time.ts'
import type { ResolvedQuestion, Series, Window } from '../query/resolved.ts'
import type { Aggregate, Convert, Join, LogicalNode, Scan, SeriesNode } from './logical.ts'

/** The rows a JSON answer holds at most, asked or not. */
export const MOST_ROWS = 50_000

/** Each series on its own, joined, computed, then what applies to finished rows. Nothing is shared yet. */
export function buildPlan(question: ResolvedQuestion): LogicalNode {
  const join: Join = {
    kind: 'join',
    inputs: question.series.map((series) => ({ id: series.id, node: seriesNode(question, series) })),
  }
  let node: LogicalNode = { kind: 'compute', input: join, metrics: question.metrics }
  if (question.top !== undefined) node = { kind: 'top', input: node, top: question.top }
  if (question.metrics.some(({ kind }) => kind !== 'formula'))
    node = { kind: 'analyse', input: node, metrics: question.metrics }
  if (question.having.length > 0) node = { kind: 'having', input: node, predicates: question.having }
  if (question.finality === 'finalOnly') node = { kind: 'withhold', input: node }
  node = { kind: 'order', input: node, by: question.order }
  return { kind: 'limit', input: node, offset: question.offset, count: question.limit ?? MOST_ROWS }
}

function seriesNode(question: ResolvedQuestion, series: Series): SeriesNode {
  const { request, period, offsets, fill } = series
  let node: SeriesNode = { kind: 'pick', input: scanOf(question, series), request: request.id }
  if (period !== undefined) node = { kind: 'period', input: node, period }
  // The innermost shift stands next to the period.
  for (const { offset, elapsed } of offsets.toReversed())
    node = { kind: 'shift', input: node, offset, by: 'day', elapsed }
  if (fill !== undefined) node = { kind: 'fill', input: node, fill }
  return node
}

function scanOf(question: ResolvedQuestion, series: Series): Scan {
  const { request, conversion } = series
  const window = windowOfTime(windowOf(question, request.process.name), request.metric.time)
  const fields = question.keys.flatMap((key) => (key.kind === 'field' ? [key.field] : []))
  const { filters, scope } = question
  const plain: Aggregate = {
    kind: 'aggregate',
    process: request.process.name,
    window,
    time: request.metric.time,
    base: window.grain,
    reads: [window.interval],
    fields,
    filters,
    scope,
    requests: [request],
  }
  if (conversion === undefined) return plain
  return convertOf(question, series, plain, conversion)
}

/** Single events of both sides; those that follow are looked for as long behind the base events as they may come. */
function convertOf(
  question: ResolvedQuestion,
  { request, period, offsets }: Series,
  plain: Aggregate,
  conversion: NonNullable<Series['conversion']>,
): Convert {
  const { base, follow, entity, match } = conversion
  const key = (name: string) => ({
    name,
    dimension: name,
    hops: [],
    attribute: undefined,
    type: question.catalog.dimensions.get(name)?.type ?? ('string' as const),
    time: undefined,
    isRelation: false,
    bucket: undefined,
    part: undefined,
    zone: undefined,
  })
  const keys = [entity, ...match].map(key)
  const from: Aggregate = { ...plain, base: 'exact', fields: [...keys, ...plain.fields], requests: [base] }
  const { name: process, zone: businessZone } = follow.process
  const today = dayOf(plain.window.now, businessZone)
  const window = { ...plain.window, process, businessZone, today, end: startOfDay(today + 1, businessZone) }
  const to: Aggregate = {
    ...plain,
    process,
    window,
    time: follow.metric.time,
    base: 'exact',
    fields: keys,
    filters: [],
    requests: [follow],
  }
  const { window: ownWindow } = plain
  // Of a series that moves in time, conditions on time clip what comes out.
  const selects = period === undefined && offsets.length === 0 ? ownWindow.days : []
  return withReads(
    {
      kind: 'convert',
      id: request.id,
      conversion,
      window: ownWindow,
      reads: [],
      base: ownWindow.grain,
      selects,
      from,
      follow: to,
    },
    plain.reads,
  )
}

/** The same conversions over base events of another time. */
export function withReads(node: Convert, reads: Convert['reads']): Convert {
  const { within } = node.conversion
  const end = (node.follow.window.today + 2) * DAY
  const follow = union(reads.map(({ from, to }) => ({ from, to: Math.min(to + (within ?? Infinity), end) })))
  return { ...node, reads, from: { ...node.from, reads }, follow: { ...node.follow, reads: follow } }
}

/** Rows may bear a further time that lies ahead: a range that names days to come is not clipped for it. */
function windowOfTime(window: Window, time: string | undefined): Window {
  if (time === undefined) return window
  const { asked, interval } = window
  return { ...window, interval: Number.isFinite(asked.to) ? asked : interval, end: Infinity }
}

function windowOf(question: ResolvedQuestion, process: string): Window {
  const window = question.windows.get(process)
  if (window === undefined) throw new TypeError(`no window for ${process}`)
  return window
}
