import type { Cell } from '../../base/cell.ts'
import { isIntegerText } from './integer.ts'

/** Where a word stands: an integer, as text where a double can't hold it. */
type WordIndex = number | string

/** Integers by 64: bit b of word i stands for 64 i + b. Halves are 32-bit integers with sign, which cost no allocation. */
export interface Word {
  readonly index: WordIndex
  readonly low: number
  readonly high: number
}

/** Many words, each index once. */
export class Words {
  readonly indexes: readonly WordIndex[]
  /** The low and the high half of each. */
  readonly halves: Int32Array

  constructor(indexes: readonly WordIndex[], halves: Int32Array) {
    this.indexes = indexes
    this.halves = halves
  }

  /** How many integers they hold. */
  get count(): number {
    let count = 0
    for (const half of this.halves) count += bitsOf(half)
    return count
  }
}

const HEXADECIMAL = /^[0-9a-f]{1,16}$/

/** Reads a word from its index and its bits in hexadecimal; null where there is none. */
export function readWord(index: Cell, bits: Cell): Word | null {
  if (index === null || bits === null) return null
  const [at, text] = [String(index), String(bits)]
  if (!isIntegerText(at) || !HEXADECIMAL.test(text)) throw new TypeError('a store gave a part that is not a word')
  const number = Number(at)
  return {
    index: Number.isSafeInteger(number) ? number : at,
    low: Number.parseInt(text.slice(-8), 16) | 0,
    high: text.length > 8 ? Number.parseInt(text.slice(0, -8), 16) | 0 : 0,
  }
}

/** As engines write an integer of 64 bits: no other text is the key of one. */
const INTEGER_KEY = /^(?:0|-?[1-9]\d{0,19})$/

/** The word that holds a key alone; undefined for a key that is the text of no integer. */
export function wordOf(key: string): Word | undefined {
  if (!INTEGER_KEY.test(key)) return undefined
  const number = Number(key)
  if (Number.isSafeInteger(number)) {
    const index = Math.floor(number / 64)
    return oneBit(index, number - index * 64)
  }
  const exact = BigInt(key)
  const index = exact >> 6n
  const small = Number(index)
  return oneBit(Number.isSafeInteger(small) ? small : String(index), Number(exact & 63n))
}

function oneBit(index: WordIndex, bit: number): Word {
  return bit < 32 ? { index, low: 1 << bit, high: 0 } : { index, low: 0, high: 1 << (bit - 32) }
}

/** The union. Costs as many steps as there are words, and no more memory than they take. */
export function union(parts: readonly (Word | Words)[]): Words {
  const [first] = parts
  if (parts.length === 1 && first instanceof Words) return first
  const { size, least, span } = extentOf(parts)
  return span <= size * MOST_SPREAD ? denseUnion(parts, least, span) : sparseUnion(parts, size)
}

/** Up to so many places a word, an array of the whole span costs less than looking each index up. */
const MOST_SPREAD = 8

function extentOf(parts: readonly (Word | Words)[]): { size: number; least: number; span: number } {
  let size = 0
  let least = Infinity
  let largest = -Infinity
  forEach(parts, (index) => {
    size++
    // Of a text that is NaN, and so is every comparison with it.
    const at = typeof index === 'number' ? index : Number.NaN
    least = Math.min(least, at)
    largest = Math.max(largest, at)
  })
  const span = largest - least + 1
  return { size, least, span: Number.isNaN(span) ? Infinity : span }
}

function denseUnion(parts: readonly (Word | Words)[], least: number, span: number): Words {
  const places = new Int32Array(Math.max(0, span) * 2)
  forEach(parts, (index, low, high) => {
    const place = (Number(index) - least) * 2
    places[place] = Number(places[place]) | low
    places[place + 1] = Number(places[place + 1]) | high
  })
  const indexes: number[] = []
  let end = 0
  for (let place = 0; place < places.length; place += 2) {
    const [low, high] = [Number(places[place]), Number(places[place + 1])]
    if (low === 0 && high === 0) continue
    indexes.push(least + place / 2)
    places[end++] = low
    places[end++] = high
  }
  return new Words(indexes, places.slice(0, end))
}

function sparseUnion(parts: readonly (Word | Words)[], size: number): Words {
  const halves = new Int32Array(size * 2)
  const places = new Map<WordIndex, number>()
  forEach(parts, (index, low, high) => {
    let place = places.get(index)
    if (place === undefined) {
      place = places.size * 2
      places.set(index, place)
    }
    halves[place] = Number(halves[place]) | low
    halves[place + 1] = Number(halves[place + 1]) | high
  })
  return new Words([...places.keys()], halves.slice(0, places.size * 2))
}

function forEach(parts: readonly (Word | Words)[], visit: (index: WordIndex, low: number, high: number) => void): void {
  for (const part of parts) {
    if (!(part instanceof Words)) visit(part.index, part.low, part.high)
    else
      part.indexes.forEach((index, i) => void visit(index, Number(part.halves[2 * i]), Number(part.halves[2 * i + 1])))
  }
}

/** The number of 1s among 32 bits: in pairs, fours and eights, which a product adds up. */
function bitsOf(half: number): number {
  const pairs = half - ((half >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
