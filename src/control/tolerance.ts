import { parseDecimal, toNumber } from '../base/decimal.ts'
import { Fault, type FaultDetail, faultDetail } from '../base/faults.ts'
import type { Comparison, Drifted, WantedDay } from './port.ts'

/**
 * Refuses days whose totals are further from real time than the catalog allows, or that could not be held against it
 * although real time should have them. Faults: AUDIT_FAILED.
 */
export function requireWithinTolerance(
  { drifted, uncompared }: Comparison,
  changes: readonly { readonly wanted: WantedDay }[],
): void {
  const totals = drifted.filter(({ dimension }) => dimension === null)
  const faults = changes.flatMap(({ wanted: { source, day, pointer } }) => [
    ...totals.flatMap((each) => {
      const tolerance = each.day === day ? source.audit.tolerance.get(each.metric) : undefined
      return tolerance === undefined ? [] : beyond(each, tolerance, pointer)
    }),
    ...uncompared
      .filter((each) => each.source === source.name && each.day === day)
      .map(({ metric }) => {
        const message = `${metric} of ${day} can not be held against real time, which can not be read now. Try again, or accept the difference.`
        return faultDetail('AUDIT_FAILED', pointer, message)
      }),
  ])
  if (faults.length > 0) throw Fault.at(faults.slice(0, 20))
}

function beyond({ metric, day, realtime, offline }: Drifted, tolerance: number, pointer: string): FaultDetail[] {
  const share = difference(realtime, offline)
  if (Math.abs(share) <= tolerance) return []
  const message =
    `${metric} of ${day} is ${offline} and was ${realtime} in real time: ${percent(share)} apart, and ${percent(tolerance)} is allowed. ` +
    'Look at the rows, or accept the difference.'
  return [faultDetail('AUDIT_FAILED', pointer, message)]
}

/** Real time less what was published, as a share of what was published; of none, something is infinitely far. */
export function difference(realtime: string, offline: string): number {
  const from = numberOf(realtime)
  const to = numberOf(offline)
  return from === to ? 0 : (from - to) / Math.abs(to)
}

function numberOf(text: string): number {
  const exact = parseDecimal(text)
  return exact === undefined ? Number(text) : toNumber(exact)
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(Math.abs(share) * 100).toFixed(2)} %` : 'infinitely far'
}
