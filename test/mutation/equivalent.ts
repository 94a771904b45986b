import type { Judged, Mutant } from './mutant.ts'

/** A change that can not be seen in any answer. It is named by what it changes, so that lines may move. */
export interface Equivalent extends Pick<Mutant, 'file' | 'before' | 'after'> {
  readonly reason: string
}

/**
 * What is known to change no answer. Whoever adds one says why no question whatever could tell: a case that is hard to
 * write is none. A bare number is none either, for it names too many places. An entry that names no mutant any more, or
 * one that is found, makes the run fail.
 */
export const EQUIVALENT: readonly Equivalent[] = [
  {
    file: 'src/merge/aggregates/hyperLogLog.ts',
    before: 'leaves.length < FEW',
    after: 'true',
    reason: 'Sets and maps of registers count alike: which one is kept is a matter of speed.',
  },
  {
    file: 'src/merge/aggregates/hyperLogLog.ts',
    before: 'leaves.length < FEW',
    after: 'leaves.length <= FEW',
    reason: 'Sets and maps of registers count alike: which one is kept is a matter of speed.',
  },
  {
    file: 'src/merge/aggregates/orders.ts',
    before: 'order(a, b) < 0',
    after: 'order(a, b) <= 0',
    reason: 'Of two that an order does not tell apart either one is right.',
  },
  {
    file: 'src/merge/aggregates/ranked.ts',
    before: 'lower === undefined || upper === undefined',
    after: '(lower === undefined) && (upper === undefined)',
    reason: 'A list of nothing has neither end, any other has both; the types do not know.',
  },
  {
    file: 'src/merge/aggregates/sum.ts',
    before: 'cell === null',
    after: 'false',
    reason: 'The short way to read a number gives what the exact way gives.',
  },
  {
    file: 'src/merge/aggregates/sum.ts',
    before: "!Number.isSafeInteger(units) || text === '' || text.includes('e')",
    after: 'true',
    reason: 'The short way to read a number gives what the exact way gives.',
  },
  {
    file: 'src/merge/aggregates/sum.ts',
    before: "'e'",
    after: "''",
    reason: 'The short way to read a number gives what the exact way gives.',
  },
  {
    file: 'src/merge/groups.ts',
    before: 'isOne',
    after: 'false',
    reason: 'A group of its own statement is looked up and found to be new: slower, and the same.',
  },
  {
    file: 'src/merge/groups.ts',
    before: 'keys.length === 1',
    after: 'false',
    reason: 'Groups told apart by a text instead of by their one key: slower, and the same.',
  },
  {
    file: 'src/merge/groups.ts',
    before: 'columns.some(({ cells }) => cells.length === table.size && !cells.incl...',
    after: 'false',
    reason: 'Nothing is left out of a table in which nothing is empty: slower, and the same.',
  },
  {
    file: 'src/merge/groups.ts',
    before: 'columns.some(({ cells }) => cells.length === table.size && !cells.incl...',
    after: 'columns.every(({ cells }) => cells.length === table.size && !cells.inc...',
    reason: 'Nothing is left out of a table in which nothing is empty: slower, and the same.',
  },
  {
    file: 'src/merge/order.ts',
    before: 'keyNames.filter((name) => !asked.has(name))',
    after: 'keyNames',
    reason: 'A tie that is broken already is not broken again.',
  },
  {
    file: 'src/merge/order.ts',
    before: 'Number.isSafeInteger(places)',
    after: 'false',
    reason:
      'Rows are sorted by their columns instead of by one number, or the other way round where both can: the same order.',
  },
  {
    file: 'src/merge/order.ts',
    before: 'values.some(isDecimal)',
    after: 'true',
    reason: 'Exact numbers and others have one order; the ways to find it differ in speed.',
  },
  {
    file: 'src/merge/order.ts',
    before: '!known.every(isInteger)',
    after: 'true',
    reason: 'Exact numbers and others have one order; the ways to find it differ in speed.',
  },
  {
    file: 'src/merge/order.ts',
    before: 'count >= MOST_SPAN',
    after: 'false',
    reason: 'Exact numbers and others have one order; the ways to find it differ in speed.',
  },
  {
    file: 'src/merge/order.ts',
    before: 'count >= MOST_SPAN',
    after: 'count > MOST_SPAN',
    reason: 'Exact numbers and others have one order; the ways to find it differ in speed.',
  },
  {
    file: 'src/merge/order.ts',
    before: 'count >= MOST_SPAN',
    after: 'true',
    reason: 'Exact numbers and others have one order; the ways to find it differ in speed.',
  },
  {
    file: 'src/merge/order.ts',
    before: "values.every((value) => typeof value === 'number')",
    after: 'false',
    reason: 'Exact numbers and others have one order; the ways to find it differ in speed.',
  },
  {
    file: 'src/merge/order.ts',
    before: "values.every((value) => typeof value === 'string' && !/[\\ud800-\\udfff]...",
    after: 'false',
    reason: 'Exact numbers and others have one order; the ways to find it differ in speed.',
  },
  {
    file: 'src/merge/extent.ts',
    before: 'compareValues(key, least) < 0',
    after: 'compareValues(key, least) <= 0',
    reason: 'Equal values are one value, whichever of them is kept.',
  },
  {
    file: 'src/merge/extent.ts',
    before: 'compareValues(key, most) > 0',
    after: 'compareValues(key, most) >= 0',
    reason: 'Equal values are one value, whichever of them is kept.',
  },
  {
    file: 'src/merge/rows.ts',
    before: 'this.#places === undefined',
    after: 'true',
    reason: 'Made when it is needed, or each time anew: slower, and the same.',
  },
  {
    file: 'src/merge/analyse.ts',
    before: 'bucket ??= lookUp(whole(all.times), of, table, keyNames)',
    after: 'bucket = lookUp(whole(all.times), of, table, keyNames)',
    reason: 'Made when it is needed, or each time anew: slower, and the same.',
  },
  {
    file: 'src/merge/evaluate.ts',
    before: 'buckets === undefined',
    after: 'true',
    reason: 'Made when it is needed, or each time anew: slower, and the same.',
  },
  {
    file: 'src/merge/evaluate.ts',
    before: 'this.#buckets.set(key, buckets)',
    after: '',
    reason: 'Made when it is needed, or each time anew: slower, and the same.',
  },
  {
    file: 'src/merge/evaluate.ts',
    before: 'buckets ??= this.#bucketsShown(reading)',
    after: 'buckets = this.#bucketsShown(reading)',
    reason: 'Made when it is needed, or each time anew: slower, and the same.',
  },
  {
    file: 'src/merge/evaluate.ts',
    before: 'cache.set(identity, result)',
    after: '',
    reason: 'Made when it is needed, or each time anew: slower, and the same.',
  },
  {
    file: 'src/merge/evaluate.ts',
    before: 'this.#start ??= this.#startOfAll()',
    after: 'this.#start = this.#startOfAll()',
    reason: 'Made when it is needed, or each time anew: slower, and the same.',
  },
  {
    file: 'src/merge/evaluate.ts',
    before: 'last?.to === each.from',
    after: 'false',
    reason: 'Neighbouring intervals that are not joined are read and merged one after the other.',
  },
  {
    file: 'src/plan/reading.ts',
    before: 'before !== undefined && before.to === one.from',
    after: 'false',
    reason: 'Neighbouring intervals that are not joined are read and merged one after the other.',
  },
  {
    file: 'src/merge/evaluate.ts',
    before: 'to >= this.#to',
    after: 'to > this.#to',
    reason: 'A stretch is merged from its beginning instead of from where the last one ended: slower, and the same.',
  },
  {
    file: 'src/merge/evaluate.ts',
    before: 'this.#from = from',
    after: '',
    reason: 'A stretch is merged from its beginning instead of from where the last one ended: slower, and the same.',
  },
  {
    file: 'src/merge/evaluate.ts',
    before: 'this.#to = to',
    after: '',
    reason: 'A stretch is merged from its beginning instead of from where the last one ended: slower, and the same.',
  },
  {
    file: 'src/merge/evaluate.ts',
    before: 'isAsRead && this.rows.adopt(groups.keys, groups.size)',
    after: 'false',
    reason: 'The keys of rows are written row by row instead of taken as they were read: slower, and the same.',
  },
  {
    file: 'src/merge/table.ts',
    before: 'table.metrics.find((each) => each.name === name)',
    after: 'table.metrics.findLast((each) => each.name === name)',
    reason: 'Names are unique.',
  },
  {
    file: 'src/plan/timeline.ts',
    before: 'GRAINS.find((grain) => grain === name)',
    after: 'GRAINS.findLast((grain) => grain === name)',
    reason: 'Names are unique.',
  },
]

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
