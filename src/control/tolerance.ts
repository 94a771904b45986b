import { parseDecimal, toNumber } from '../base/decimal.ts'
import { Fault, faultDetail } from '../base/faults.ts'
import type { Checked, Comparison, WantedDay } from './port.ts'

/**
 * Refuses days whose totals are further from real time than the catalog allows, or that could not be held against it
 * although real time should have them. Faults: AUDIT_FAILED.
 */
export function requireWithinTolerance(
  { checked }: Pick<Comparison, 'checked'>,
  changes: readonly { readonly wanted: WantedDay }[],
): void {
  const faults = changes.flatMap(({ wanted: { source, day, pointer } }) =>
    checked
      .filter((each) => each.source === source.name && each.day === day)
      .flatMap((each) => complaint(each, source.audit.tolerance.get(each.metric) ?? 0) ?? [])
      .map((message) => faultDetail('AUDIT_FAILED', pointer, message)),
  )
  if (faults.length > 0) throw Fault.at(faults.slice(0, 20))
}

function complaint({ source, metric, day, values }: Checked, tolerance: number): string | undefined {
  if (values === undefined)
    return `${metric} of ${day} in ${source} can not be held against real time, which can not be read now. Try again, or accept the difference.`
  const { realtime, offline } = values
  const share = difference(realtime, offline)
  if (Math.abs(share) <= tolerance) return undefined
  return (
    `${metric} of ${day} is ${offline} in ${source} and was ${realtime} in real time: ${percent(share)} apart, and ${percent(tolerance)} is allowed. ` +
    'Look at the rows, or accept the difference.'
  )
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
