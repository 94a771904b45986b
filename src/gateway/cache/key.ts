import { hash } from 'node:crypto'
import { fieldsOf } from '../../query/predicates.ts'
import type { Predicate, ResolvedQuestion } from '../../query/resolved.ts'
import type { TimeUnit } from '../../query/timeUnit.ts'
import type { PhysicalAggregate, PhysicalPlan } from '../../route/physical.ts'
import type { Read } from '../../route/run.ts'

/**
 * What an answer depends on, and nothing else: the normalised question, what the catalog means, the zone, for each day
 * its source and version, and the scope. Two questions of one key have one answer; the clock is not in it, so the key
 * of "last 7 days" is that of the seven days it means.
 */
export function cacheKey(question: ResolvedQuestion, physical: PhysicalPlan): string {
  const { catalog, calendars, zone, keys, series, metrics, filters, scope, windows, filterFinality } = question
  const {
    having,
    order,
    limit,
    offset,
    finality,
    missing,
    totals,
    subtotals,
    top,
    extent,
    inProgress,
    metricFinality,
  } = question
  const compares = series.some(({ offsets }) => offsets.some(({ elapsed }) => elapsed !== undefined))
  const parts = [
    catalog.version,
    [
      zone,
      keys.map((key) =>
        key.kind === 'time' ? [key.name, unitOf(key.unit)] : [key.name, key.field, key.unit && unitOf(key.unit)],
      ),
    ],
    [
      metrics,
      series.map(({ id, period, offsets, fill, conversion }) => [id, period, offsets, fill, conversion?.within]),
    ],
    [normalised(filters), having, order, limit, offset, finality, missing, totals, subtotals, top, extent],
    [inProgress, metricFinality, filterFinality],
    [...calendars.values()].map(({ name, version }) => [name, version]),
    [...windows.values()].map(({ process, asked, interval, elapsed, days }) => [
      process,
      asked,
      interval,
      days,
      compares ? elapsed : undefined,
    ]),
    // Where the bucket that holds now ends, and how far an unfinished one has come.
    inProgress || compares ? Math.floor(question.now / 60_000) : question.keys.length,
    physical.aggregates.map(readingOf),
    scope.map(({ dimension, type, values }) => [dimension, type, values.toSorted()]),
  ]
  return hash('sha256', JSON.stringify(parts), 'base64url')
}

/** Conditions that all hold may be told in any order. */
function normalised(filters: readonly Predicate[]): string[] {
  return filters.map((filter) => JSON.stringify(filter)).toSorted()
}

function unitOf(unit: TimeUnit) {
  return unit.kind === 'calendar' ? ['calendar', unit.calendar.name] : unit
}

/** Which metrics of a process are read over which time, and each of its days from where and how final. */
function readingOf({ node, time, maps }: PhysicalAggregate) {
  // -Infinity is null in JSON, as nothing else here is.
  return [
    [node.process, node.base, time.reads, time.other, time.zone, time.businessZone, node.fields],
    maps.map(({ coverage, runs }) => [
      coverage.map(({ request }) => [request.id, request.modifiers]),
      runs.map(({ firstDay, lastDay, read, finality, reason }) => [firstDay, lastDay, readOf(read), finality, reason]),
    ]),
  ]
}

function readOf(read: Read): readonly (string | number | undefined)[] {
  switch (read.kind) {
    case 'offline':
      return ['offline', read.candidate.source.name, read.version]
    case 'realtime':
      return ['realtime', read.candidate.source.name, read.silence && `${read.silence.newest}`]
    case 'empty':
    case 'missing':
      return [read.kind]
  }
}

/**
 * True when nothing that the answer is read from can change under its key: published versions only. Streams, tables
 * that are complete without a version, and the tables of dimensions change whenever somebody writes to them.
 */
export function isPinned(question: ResolvedQuestion, physical: PhysicalPlan): boolean {
  if (readsAttributes(question, physical)) return false
  return physical.aggregates.every(({ slices }) =>
    slices.every(({ source }) => source.complete === 'published' && source.version !== undefined),
  )
}

/** True when the tables of dimensions have a part in an answer: they are read as they are, whatever is published. */
export function readsAttributes(question: ResolvedQuestion, physical: PhysicalPlan): boolean {
  const requests = physical.aggregates.flatMap(({ node }) => node.requests)
  const predicates = [...question.filters, ...requests.flatMap(({ modifiers }) => modifiers)]
  const keys = question.keys.flatMap((key) => (key.kind === 'field' ? [key.field] : []))
  const fields = [...keys, ...predicates.flatMap((predicate) => [...fieldsOf(predicate)])]
  return fields.some(({ attribute }) => attribute !== undefined)
}
