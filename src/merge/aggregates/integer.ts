import type { Cell } from '../../base/cell.ts'

const INTEGER = /^-?\d+$/

/** True for the text of an integer of any length. */
export function isIntegerText(text: string): boolean {
  return INTEGER.test(text)
}

/** An integer with every digit; null stays null. A part that is neither is a store's fault, not a value. */
export function readInteger(cell: Cell): bigint | null {
  if (cell === null) return null
  const text = String(cell)
  if (!isIntegerText(text)) throw new TypeError('a store gave a part that is not an integer')
  return BigInt(text)
}

/** The same for a small integer that must lie between two others, both inclusive. */
export function readWithin(cell: Cell, from: number, to: number): number | null {
  if (cell === null) return null
  const value = cell === '' ? Number.NaN : Number(cell)
  if (!Number.isInteger(value) || value < from || value > to) {
    throw new TypeError(`a store gave a part that is not an integer from ${from} to ${to}`)
  }
  return value
}
