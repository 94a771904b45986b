import { Fault, faultDetail } from '../base/faults.ts'
import { parseDay } from '../base/time.ts'

/** A place in the feed of restatements: behind an entry of an epoch, behind all of an epoch, or behind a moment. */
export type FeedPosition =
  | { readonly kind: 'entry'; readonly epoch: number; readonly ordinal: number }
  | { readonly kind: 'moment'; readonly at: string }

/** The beginning of the feed. */
export const FEED_START: FeedPosition = { kind: 'entry', epoch: 0, ordinal: 0 }

/** Behind every entry of one epoch. */
const WHOLE = 2_147_483_647

/**
 * Reads `42` (what came after epoch 42, which a receipt bears), `42.17` (the id of an entry), a day (UTC) or an instant.
 * Faults: INVALID_VALUE.
 */
export function readPosition(text: string, pointer: string): FeedPosition {
  const entry = /^(\d{1,15})(?:\.(\d{1,9}))?$/.exec(text)
  if (entry !== null) {
    const [, epoch = '', ordinal] = entry
    return { kind: 'entry', epoch: Number(epoch), ordinal: ordinal === undefined ? WHOLE : Number(ordinal) }
  }
  const isDay = parseDay(text) !== undefined
  const isInstant = isDay || /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(Z|[+-]\d{2}:\d{2})$/.test(text)
  const instant = isInstant && isStorable(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(instant)) return { kind: 'moment', at: new Date(instant).toISOString() }
  const message = `"${text.slice(0, 40)}" is no place in the feed: an epoch like 42, an id like 42.17, a day or an instant with its offset.`
  throw Fault.at([faultDetail('INVALID_VALUE', pointer, message)])
}

/** The id of an entry, which is also the place behind it. */
export function entryId({ epoch, ordinal }: { readonly epoch: number; readonly ordinal: number }): string {
  return `${epoch}.${ordinal}`
}

/** Years that a control database can tell. */
function isStorable(text: string): boolean {
  return text >= '1900' && text < '2300'
}
