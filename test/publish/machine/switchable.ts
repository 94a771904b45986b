import { Fault } from '../../../src/base/faults.ts'
import type { CallOptions, Cell, ColumnDescription, ResultSet, Statement, Store } from '../../../src/stores/port.ts'

/** How a connection is lost: before a statement comes to the store, or after it was done and before that is heard. */
export type Loss = 'before' | 'after'

/** A real store under a name of the catalog, that can be out of reach for a while. */
export class Switchable implements Store {
  readonly name: string
  readonly #store: Store
  #isUp = true
  #losing: { left: number; readonly how: Loss } | undefined

  constructor(name: string, store: Store) {
    this.name = name
    this.#store = store
  }

  get engine(): Store['engine'] {
    return this.#store.engine
  }

  get dialect(): Store['dialect'] {
    return this.#store.dialect
  }

  get isOff(): boolean {
    return !this.#isUp
  }

  off(): void {
    this.#isUp = false
  }

  on(): void {
    this.#isUp = true
    this.#losing = undefined
  }

  /** Goes off at the statement behind the next `left` ones. */
  loseAfter(left: number, how: Loss): void {
    this.#losing = { left, how }
  }

  query(statement: Statement, options?: CallOptions): Promise<ResultSet> {
    return this.#call(() => this.#store.query(statement, options))
  }

  execute(text: string): Promise<void> {
    return this.#call(() => this.#store.execute(text))
  }

  load(table: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void> {
    return this.#call(() => this.#store.load(table, columns, rows))
  }

  describe(table: string): Promise<readonly ColumnDescription[] | undefined> {
    return this.#call(() => this.#store.describe(table))
  }

  /** The store itself belongs to whoever opened it. */
  async close(): Promise<void> {}

  async #call<T>(work: () => Promise<T>): Promise<T> {
    const losing = this.#losing
    if (losing !== undefined && losing.left-- <= 0) {
      this.off()
      if (losing.how === 'after') await work()
      this.#losing = undefined
      throw unreachable(this.name)
    }
    if (!this.#isUp) throw unreachable(this.name)
    return work()
  }
}

const unreachable = (name: string): Fault => new Fault('STORE_DOWN', `The store ${name} is switched off.`)
