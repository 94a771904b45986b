import { GRAINS } from '../base/time.ts'
import type { Offset, Period } from './catalog.ts'

/** The units that a period and an offset are told in, that are neither a grain nor one of the calendars. */
export function unknownUnits(
  { period, offset }: { readonly period?: Period | undefined; readonly offset?: Offset | undefined },
  calendars: Iterable<string>,
): { readonly key: 'period' | 'offset'; readonly unit: string }[] {
  const known = new Set<string>([...GRAINS, ...calendars])
  const ofPeriod = [period?.trailing, period?.leading].flatMap((bound) =>
    bound === undefined || bound === 'all' ? [] : [bound.unit],
  )
  if (period?.toDate !== undefined) ofPeriod.push(period.toDate)
  const ofOffset = offset === undefined ? [] : [offset.kind === 'start' ? offset.of : offset.by.unit]
  return [
    ...ofPeriod.map((unit) => ({ key: 'period' as const, unit })),
    ...ofOffset.map((unit) => ({ key: 'offset' as const, unit })),
  ].filter(({ unit }) => !known.has(unit))
}
