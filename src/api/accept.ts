/** How well a request takes a media type: of the range that names it most closely (RFC 9110, 12.5.1). */
interface Fit {
  readonly quality: number
  /** 3 names the type itself, 2 its subtypes, 1 anything. */
  readonly closeness: number
  /** Where the range stands in the header. */
  readonly place: number
}

interface Range {
  readonly type: string
  readonly quality: number
}

const JSON_TYPE = 'application/json'
/** Whoever takes problems takes JSON, unless it names something that it would rather have. */
const PROBLEM_TYPE = 'application/problem+json'

/**
 * Which of the media types that are offered a request would rather have; undefined when it takes none. The higher
 * quality wins, then the closer range, then what the request names first, then what is offered first. Parameters other
 * than `q` do not matter, and a `q` that is none counts as 1.
 */
export function preferredType<T extends string>(accept: string | undefined, offered: readonly T[]): T | undefined {
  if (accept === undefined || accept === '*/*' || accept.trim() === '') return offered[0]
  const exact = offered.find((type) => type === accept)
  if (exact !== undefined) return exact
  const ranges = accept.split(',').map(rangeOf)
  return bestOf(offered, (type) => fitOf(type, ranges)) ?? bestOf(offered, (type) => problemFit(type, ranges))
}

const QUALITY = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/

function rangeOf(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const quality = parameters.map((parameter) => QUALITY.exec(parameter)?.[1]).find((found) => found !== undefined)
  return { type, quality: quality === undefined ? 1 : Number(quality) }
}

function fitOf(type: string, ranges: readonly Range[]): Fit | undefined {
  const family = `${type.split('/', 1)[0]}/*`
  let best: Fit | undefined
  for (const [place, range] of ranges.entries()) {
    const closeness = range.type === type ? 3 : range.type === family ? 2 : range.type === '*/*' ? 1 : 0
    if (closeness === 0 || (best !== undefined && closeness <= best.closeness)) continue
    best = { quality: range.quality, closeness, place }
  }
  return best
}

function problemFit(type: string, ranges: readonly Range[]): Fit | undefined {
  // What is refused by name is refused.
  if (type !== JSON_TYPE || fitOf(JSON_TYPE, ranges) !== undefined) return undefined
  return fitOf(PROBLEM_TYPE, ranges)
}

function bestOf<T extends string>(offered: readonly T[], look: (type: T) => Fit | undefined): T | undefined {
  let best: { readonly type: T; readonly fit: Fit } | undefined
  for (const type of offered) {
    const found = look(type)
    if (found === undefined || found.quality === 0) continue
    if (best === undefined || isBetter(found, best.fit)) best = { type, fit: found }
  }
  return best?.type
}

function isBetter(a: Fit, b: Fit): boolean {
  if (a.quality !== b.quality) return a.quality > b.quality
  if (a.closeness !== b.closeness) return a.closeness > b.closeness
  return a.place < b.place
}
