import { hash } from 'node:crypto'
import { fieldsOf } from '../../query/predicates.ts'
import type { Predicate, ResolvedQuestion } from '../../query/resolved.ts'
import type { PhysicalAggregate, PhysicalPlan } from '../../route/physical.ts'
import type { Read } from '../../route/sourceMap.ts'

/**
 * What an answer depends on, and nothing else: the normalised question, what the catalog means, the zone, for each day
 * its source and version, and the scope. Two questions of one key have one answer; the clock is not in it, so the key
 * of "last 7 days" is that of the seven days it means.
 */
export function cacheKey(question: ResolvedQuestion, physical: PhysicalPlan): string {
  const { catalog, zone, grain, fields, metrics, filters, having, order, limit, finality, totals, scope } = question
  const parts = [
    catalog.version,
    [zone, grain, fields.map(({ name }) => name), metrics.map(({ name, metric, formula }) => [name, metric, formula])],
    [normalised(filters), having, order, limit, finality, totals],
    physical.aggregates.map(readingOf),
    scope.map(({ dimension, type, values }) => [dimension, type, values.toSorted()]),
  ]
  return hash('sha256', JSON.stringify(parts), 'base64url')
}

/** Conditions that all hold may be told in any order. */
function normalised(filters: readonly Predicate[]): string[] {
  return filters.map((filter) => JSON.stringify(filter)).toSorted()
}

/** Which metrics of a process are read over which time, and each of its days from where and how final. */
function readingOf({ node, window, maps }: PhysicalAggregate) {
  // -Infinity is null in JSON, as nothing else here is.
  return [
    [node.process, window.interval.from, window.interval.to, window.zone, window.businessZone],
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
      return ['realtime', read.candidate.source.name]
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
  const predicates = [...question.filters, ...question.requests.flatMap(({ modifiers }) => modifiers)]
  const fields = [...question.fields, ...predicates.flatMap((predicate) => [...fieldsOf(predicate)])]
  if (fields.some(({ attribute }) => attribute !== undefined)) return false
  return physical.aggregates.every(({ slices }) =>
    slices.every(({ source }) => source.complete === 'published' && source.version !== undefined),
  )
}
