import type { Slice, SliceMeasure } from './physical.ts'

/**
 * Slices of several questions that read the same rows under the same keys become one slice that holds what all of them
 * measure: panels of one document over the same time, filters and dimensions are one pass over a store. Each question's
 * own source map stands: only slices that the maps made alike are joined.
 */
export function shareSlices(slices: readonly Slice[]): ReadonlyMap<Slice, Slice> {
  const groups = Map.groupBy(slices, (slice) => rowsOf(slice))
  const shared = new Map<Slice, Slice>()
  for (const group of groups.values()) {
    const [first] = group
    if (first === undefined) continue
    const whole = group.length === 1 ? first : { ...first, measures: unionOf(group) }
    for (const slice of group) shared.set(slice, whole)
  }
  return shared
}

/** What decides which rows a slice reads and how it groups them. */
function rowsOf({ source, ranges, time: read, fields, filters, scope, measures }: Slice): string {
  // Moments are kept of all rows that a statement reads, so that it keeps them for one metric's sake only.
  const kept = measures.flatMap(({ request }) => (request.metric.snapshot === undefined ? [] : [request.id]))
  const time = [
    read.base,
    read.zone,
    read.other,
    kept,
    ranges.map(({ interval, version }) => [interval.from, interval.to, version]),
  ]
  // -Infinity is null in JSON, as nothing else here is.
  return JSON.stringify([source.name, time, fields, filters, scope])
}

function unionOf(slices: readonly Slice[]): SliceMeasure[] {
  const measures = slices.flatMap((slice) => slice.measures)
  return [...new Map(measures.map((measure) => [measureKey(measure), measure])).values()]
}

/** Tells measures of one source apart: one request may travel as keys for one question and counted for another. */
export function measureKey({ request, travels }: SliceMeasure): string {
  return `${request.id} ${travels}`
}
