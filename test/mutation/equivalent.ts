import type { Judged, Mutant } from './mutant.ts'

/** A change that can not be seen in any answer. It is named by what it changes, so that lines may move. */
export interface Equivalent extends Pick<Mutant, 'file' | 'before' | 'after'> {
  readonly reason: string
}

/**
 * What is known to change no answer. Whoever adds one says why no question whatever could tell: a case that is hard to
 * write is none. An entry that names no mutant any more, or one that is found, makes the run fail.
 */
export const EQUIVALENT: readonly Equivalent[] = []

/** The same outcomes, with those marked that are known to change nothing. */
export function markEquivalent(judged: readonly Judged[]): Judged[] {
  return judged.map((each) =>
    isMissed(each) && EQUIVALENT.some((known) => names(known, each.mutant)) ? { ...each, outcome: 'equivalent' } : each,
  )
}

/** Entries that are wrong, in words; only files that were judged are looked at. */
export function wrongEntries(judged: readonly Judged[]): string[] {
  const files = new Set(judged.map(({ mutant }) => mutant.file))
  return EQUIVALENT.filter(({ file }) => files.has(file)).flatMap((known) => {
    const named = judged.filter(({ mutant }) => names(known, mutant))
    const text = `${known.file}: ${known.before} -> ${known.after}`
    if (named.length === 0) return [`listed as equivalent, and not there: ${text}`]
    return named.every((each) => !isMissed(each)) ? [`listed as equivalent, and found: ${text}`] : []
  })
}

function isMissed({ outcome }: Judged): boolean {
  return outcome === 'survived' || outcome === 'not covered'
}

function names(known: Equivalent, { file, before, after }: Mutant): boolean {
  return known.file === file && known.before === before && known.after === after
}
