import { type Decimal, fromInteger, ZERO } from '../../base/decimal.ts'
import type { Aggregate } from './aggregate.ts'
import { ofPresent } from './present.ts'
import { join, leavesOf, type Rope } from './rope.ts'
import { readDecimal } from './sum.ts'
import { readWord, union, type Word, type Words, wordOf } from './words.ts'

/** Keys that were read, joined as they came: they become a set once, when the count is finished. */
export type Keys = Rope<string | Word | Words>

/** So few words take less as they came. */
const FEW = 64

/**
 * Exact distinct count by its keys; a null key is no key. A key travels as text, or as a bit of a word of integers where
 * the store's own column is one. The form belongs to a column, so that one count may meet both: texts of integers are
 * then made bits at the finish. Were the form decided once for a question, it would take the columns of every store
 * before the first statement is built, and change with a store that is down.
 */
export const distinct: Aggregate<Keys> = {
  empty: null,
  read: ([key = null, bits]) => {
    if (bits !== undefined) return readWord(key, bits)
    return key === null ? null : String(key)
  },
  merge: join,
  settle,
  finish: (state) => {
    const { words, texts } = formsOf(state)
    if (words.length === 0) return fromInteger(new Set(texts).size)
    const others = new Set<string>()
    for (const text of texts) {
      const word = wordOf(text)
      if (word === undefined) others.add(text)
      else words.push(word)
    }
    return fromInteger(union(words).count + others.size)
  },
}

/** The same keys with their words in two arrays. */
function settle(state: Keys): Keys {
  const { words, texts } = formsOf(state)
  return words.length < FEW ? state : texts.reduce(join<string | Word | Words>, union(words))
}

function formsOf(state: Keys): { readonly words: (Word | Words)[]; readonly texts: readonly string[] } {
  const words: (Word | Words)[] = []
  const texts: string[] = []
  for (const leaf of leavesOf(state)) {
    if (typeof leaf === 'string') texts.push(leaf)
    else words.push(leaf)
  }
  return { words, texts }
}

/**
 * A distinct count that its store has finished. Two of them can't be merged: keys may stand in both. Routing asks for
 * this form only where no second one can meet it, and a breach is an error, not a number.
 */
export const countedDistinct: Aggregate<Decimal | null> = {
  empty: null,
  read: ([part]) => readDecimal(part ?? null),
  merge: ofPresent(() => {
    throw new Error('two counted distincts met in one group')
  }),
  finish: (state) => state ?? ZERO,
}
