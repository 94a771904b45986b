import type { PublicationChange, Restatement } from '../control/landings.ts'

/** An entry of the feed as JSON; its values are exact number literals, which no float has passed through. */
export function writeRestatement({ old, new: value, ...rest }: Restatement): string {
  const { id, epoch, at, metric, day, ...flags } = rest
  const head = JSON.stringify({ id, epoch, at, metric, day })
  return `${head.slice(0, -1)},"old":${numberText(old)},"new":${numberText(value)},${JSON.stringify(flags).slice(1)}`
}

/** A page of the feed: its entries, the days that changed in their epochs, and where it goes on. */
export function writeFeed(
  entries: readonly Restatement[],
  changes: readonly PublicationChange[],
  next: string | null,
): string {
  return `{"restatements":[${entries.map(writeRestatement).join(',')}],"publications":${JSON.stringify(changes)},"next":${JSON.stringify(next)}}`
}

/** A number literal of JSON; what is none, like a text, is quoted. */
export function numberText(text: string | null): string {
  if (text === null) return 'null'
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? text : JSON.stringify(text)
}
