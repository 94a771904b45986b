import type { Asked } from './asked.ts'
import type { Told } from './doors.ts'
import { daysFrom, inOrder, type Plain, refused } from './expected.ts'

/** What of an answer can be judged exactly, in the model's form. Throws on what no answer may look like. */
export function plainOf({ status, body }: Told, { fill }: Asked): Plain {
  if (status !== 200) return refused(`${body.code}`, daysNamed(String(body.errors?.[0]?.message ?? '')))
  const notices: Entry[] = body.notices
  const withheld = notices.find(({ code }) => code === 'WITHHELD')
  const rows: unknown[][] = body.rows
  return {
    // No order is asked for where zeros are invented: they come in order of time as everything else.
    rows: fill === 'zero' ? rows.toSorted(byTime) : rows,
    sources: perDay(body.freshness.sources, ({ source, finality }, day) => `${source ?? '-'} ${day} ${finality}`),
    notices: perDay(
      notices.filter(({ code }) => code !== 'WITHHELD'),
      ({ code }, day) => `${code} ${day}`,
    ),
    withheld: withheld === undefined ? 0 : Number.parseInt(withheld.message ?? '', 10),
    finalThrough: body.freshness.finalThrough,
    days: [],
  }
}

interface Entry {
  readonly from: string
  readonly to: string
  readonly code?: string
  readonly source?: string | null
  readonly finality?: string
  readonly message?: string
}

function perDay(entries: readonly Entry[], text: (entry: Entry, day: string) => string): string[] {
  return inOrder(entries.flatMap((entry) => daysFrom(entry.from, entry.to).map((day) => text(entry, day))))
}

/** The days of `Not final: 2026-11-02 to 2026-11-04, 2026-11-06.` */
function daysNamed(message: string): string[] {
  const found = message.matchAll(/(\d{4}-\d\d-\d\d)(?: to (\d{4}-\d\d-\d\d))?/g)
  return inOrder([...found].flatMap(([, from = '', to = from]) => daysFrom(from, to)))
}

const byTime = ([a]: unknown[], [b]: unknown[]): number => (String(a) < String(b) ? -1 : 1)
