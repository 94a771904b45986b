import { Fault, faultDetail, pointer } from '../../base/faults.ts'
import type { ColumnBook, Variant } from './columnBook.ts'
import { readWhere } from './readWhere.ts'
import type { RowField } from './schema/domainShape.ts'
import type { MetricArguments, WindowInput } from './schema/metricArguments.ts'

interface Reading {
  readonly book: ColumnBook
  /** Fields by their keys in `where`. */
  readonly keys: ReadonlyMap<string, RowField>
  /** Whether the domain's field has `compare`. */
  readonly compares: boolean
  /** Whether the metric stands in rows. */
  readonly inRows: boolean
}

const FORMS = ['side', 'share', 'rank'] as const

/** Enters a metric's field into the book; gives its column. Faults: INVALID_QUESTION, INVALID_VALUE. */
export function readMetric(metric: string, args: MetricArguments, place: readonly string[], reading: Reading): string {
  const { book, keys, compares, inRows } = reading
  const variant = readVariant(metric, args, place, keys)
  const { side, share, rank } = args
  const [, second] = FORMS.filter((name) => isGiven(args[name]))
  if (second !== undefined) throw refused([...place, second], `A field shows one of ${FORMS.join(', ')}.`)
  if (isGiven(side)) {
    if (!compares) {
      const message = 'A side needs something to compare with: give the domain compare: {offset: "7 days"}.'
      throw refused([...place, 'side'], message)
    }
    if (!inRows && side !== 'previous') {
      throw refused([...place, 'side'], 'Totals hold a metric and its previous side; deltas and ratios are in rows.')
    }
    return book.side(variant, side, place)
  }
  if (isGiven(share)) return book.analysis(variant, { kind: 'share', within: share.within ?? [] }, place)
  if (isGiven(rank)) {
    const { within, direction } = rank
    return book.analysis(variant, { kind: 'rank', within: within ?? [], direction: direction ?? 'desc' }, place)
  }
  return book.metric(variant, place)
}

function readVariant(
  metric: string,
  { modifiers, where, period, window, offset, fill }: MetricArguments,
  place: readonly string[],
  keys: Reading['keys'],
): Variant {
  if (isGiven(period) && isGiven(window)) {
    throw refused([...place, 'window'], 'A period is told in words or part by part, not both.')
  }
  return {
    metric,
    modifiers: [...new Set(modifiers ?? [])].toSorted(),
    filters: isGiven(where) ? readWhere(where, keys, [...place, 'where']) : [],
    period: period ?? (isGiven(window) ? periodOf(window) : undefined),
    offset: offset ?? undefined,
    fill: fill ?? undefined,
  }
}

function periodOf({ trailing, leading, toDate, atStart, at }: WindowInput): Variant['period'] {
  return {
    ...(isGiven(trailing) ? { trailing } : {}),
    ...(isGiven(leading) ? { leading } : {}),
    ...(isGiven(toDate) ? { toDate } : {}),
    ...(isGiven(atStart) ? { atStart } : {}),
    ...(isGiven(at) ? { at } : {}),
  }
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null
}

function refused(place: readonly string[], message: string): Fault {
  return Fault.at([faultDetail('INVALID_QUESTION', pointer(place), message)])
}
