import { Fault, faultDetail } from '../../base/faults.ts'

const LONGEST_SEARCH = 200
const LONGEST_CURSOR = 500

/** A search text; null and nothing are the same. Faults: INVALID_REQUEST. */
export function readSearch(search: string | null | undefined): string | undefined {
  return readText(search, 'search', LONGEST_SEARCH)
}

/** A cursor's text. Faults: INVALID_REQUEST. */
export function readCursorText(cursor: string | null | undefined): string | undefined {
  return readText(cursor, 'cursor', LONGEST_CURSOR)
}

/** How many entries are wanted, 1 to `most`. Faults: INVALID_REQUEST. */
export function readLimit(limit: number | null | undefined, most: number, otherwise: number): number {
  const wanted = limit ?? otherwise
  if (wanted >= 1 && wanted <= most) return wanted
  throw invalid('limit', `limit is 1 to ${most}.`)
}

function readText(text: string | null | undefined, name: string, longest: number): string | undefined {
  if (text === null || text === undefined) return undefined
  if (text.length <= longest) return text
  throw invalid(name, `${name} has at most ${longest} characters.`)
}

function invalid(name: string, message: string): Fault {
  return Fault.at([faultDetail('INVALID_REQUEST', `/${name}`, message)])
}
