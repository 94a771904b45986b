import { type Finality, worst } from '../../base/finality.ts'
import type { Figures, Receipt, Subtotal } from '../../gateway/answerTypes.ts'
import { writeSubtotal, writeTotals } from '../shapes.ts'
import type { Numbers } from './cells.ts'

/** What is told of an answer beside its rows, where these are all that its format has room for. */
export interface Aside {
  readonly name: string
  readonly text: string
  /** Stands in a header for a text that is too long for one. */
  readonly short: string
}

/** A header of so many characters is too long; all together then stay below the 16 KiB that clients commonly take. */
const TOO_LONG = 2048
export const TOO_LONG_FOR_NOTICES = 4096

/**
 * The asides of a table. As headers they are named `x-oneservice-<name>`, as metadata of an Arrow schema
 * `oneservice.<name>`, and there they are never shortened:
 *
 *   query-id     of the execution that gave the figures
 *   receipt      JSON: what the receipt of a JSON answer says
 *   rows         how many rows the table has; fewer have come when the connection broke
 *   truncated    true or false: whether there were more rows than the limit lets through
 *   finality     final, provisional or missing: the worst of the rows, without rows the worst of the days
 *   freshness    JSON; shortened it is without `sources`
 *   notices      JSON: an array; shortened to how many there are
 *   totals       JSON: an object, if totals were asked for; shortened to how many metrics it has
 *   subtotals    JSON: an array, if subtotals were asked for; shortened to how many there are
 *   next-cursor  where the next page begins, if there is one
 *
 * Texts are ASCII; what JSON holds beyond that is escaped.
 */
export function asidesOf(figures: Figures, receipt: Receipt, numbers: Numbers): readonly Aside[] {
  const { freshness, notices, totals, subtotals, nextCursor } = figures
  const { sources: _, ...moment } = freshness
  return [
    plain('query-id', receipt.queryId),
    { name: 'receipt', text: ascii(receipt), short: ascii({ queryId: receipt.queryId }) },
    plain('rows', String(figures.rowCount)),
    plain('truncated', String(figures.truncated)),
    plain('finality', finalityOf(figures)),
    { name: 'freshness', text: ascii(freshness), short: ascii(moment) },
    { name: 'notices', text: ascii(notices), short: String(notices.length) },
    ...(totals === undefined
      ? []
      : [{ name: 'totals', text: asciiOnly(writeTotals(totals, numbers)), short: String(totals.names.length) }]),
    ...(subtotals === undefined ? [] : [subtotalsAside(subtotals, numbers)]),
    ...(nextCursor == null ? [] : [plain('next-cursor', asciiOnly(nextCursor))]),
  ]
}

/** Asides as headers, each short where it has to be. */
export function headersOf(asides: readonly Aside[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    asides.map(({ name, text, short }) => {
      const isShort = text.length >= (name === 'notices' ? TOO_LONG_FOR_NOTICES : TOO_LONG)
      return [`x-oneservice-${name}`, isShort ? short : text]
    }),
  )
}

function plain(name: string, text: string): Aside {
  return { name, text, short: text }
}

function subtotalsAside(subtotals: readonly Subtotal[], numbers: Numbers): Aside {
  const text = subtotals.map((each) => writeSubtotal(each, numbers)).join(',')
  return { name: 'subtotals', text: asciiOnly(`[${text}]`), short: String(subtotals.length) }
}

function finalityOf({ columns, values, rowCount, freshness }: Figures): Finality {
  if (rowCount === 0) return worst(freshness.sources.map(({ finality }) => finality))
  const written = new Set(values.filter((_, i) => columns[i]?.role === 'finality').flat())
  return (['missing', 'provisional'] as const).find((each) => written.has(each)) ?? 'final'
}

function ascii(value: object): string {
  return asciiOnly(JSON.stringify(value))
}

function asciiOnly(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
