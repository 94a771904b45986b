import type { Key } from './value.ts'

/**
 * The rows of an answer, by their keys: every series puts its values where its keys are, and a row that one of them has
 * is a row of the answer. A null key is a key like any other.
 */
export class Rows {
  readonly width: number
  readonly columns: Key[][]
  #size: number
  /** The columns that were taken over. */
  #adopted: readonly (readonly Key[])[] | undefined
  #places: Map<string, number> | undefined

  /** Without keys there is exactly one row. */
  constructor(width: number) {
    this.width = width
    this.columns = Array.from({ length: width }, () => [])
    this.#size = width === 0 ? 1 : 0
  }

  get size(): number {
    return this.#size
  }

  /**
   * Takes the keys of a table over as they are, while there are no rows yet; they must be distinct. Tells whether the
   * first rows are those of the table, in its order.
   */
  adopt(columns: readonly (readonly Key[])[], size: number): boolean {
    if (this.#size === 0) {
      for (const [i, column] of columns.entries()) this.columns[i] = [...column]
      this.#size = size
      this.#adopted = columns
    }
    return this.#adopted === columns
  }

  /** The row of these keys, made where there is none. */
  at(keys: readonly Key[]): number {
    const places = this.#index()
    const identity = textOf(keys)
    let row = places.get(identity)
    if (row === undefined) {
      row = this.#size++
      places.set(identity, row)
      for (const [i, column] of this.columns.entries()) column.push(keys[i] ?? null)
    }
    return row
  }

  keysOf(row: number): Key[] {
    return this.columns.map((column) => column[row] ?? null)
  }

  #index(): Map<string, number> {
    if (this.#places === undefined) {
      this.#places = new Map()
      for (let row = 0; row < this.#size; row++) this.#places.set(textOf(this.keysOf(row)), row)
    }
    return this.#places
  }
}

/** Keys as one text; each is written with its length, so that no two tuples look alike. */
export function textOf(keys: readonly Key[]): string {
  let identity = ''
  for (const key of keys) identity += key === null ? 'n;' : withLength(String(key))
  return identity
}

function withLength(text: string): string {
  return `${text.length}:${text};`
}
