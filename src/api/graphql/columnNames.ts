const COLUMN_NAME = /^[A-Za-z][A-Za-z0-9_]{0,62}$/

/** Names of an answer's columns, and the aliases of a document that mean them. */
export class ColumnNames {
  readonly #taken: Set<string>
  readonly #aliases = new Map<string, string>()

  constructor(reserved: Iterable<string>) {
    this.#taken = new Set(reserved)
  }

  /** `wanted` where it can stand as a column's name beside the others, else m1, m2, ... */
  take(wanted: string, prefix: string): string {
    const name = this.#isFree(wanted) ? wanted : this.#numbered(prefix)
    this.#taken.add(name)
    return name
  }

  /** First come, first served: rows are read before totals. */
  alias(name: string, column: string): void {
    if (!this.#aliases.has(name)) this.#aliases.set(name, column)
  }

  /** The column that an alias means. */
  column(alias: string): string | undefined {
    return this.#aliases.get(alias)
  }

  aliases(): Iterable<string> {
    return this.#aliases.keys()
  }

  /** Two underscores belong to columns that the gateway adds. */
  #isFree(name: string): boolean {
    return COLUMN_NAME.test(name) && !name.includes('__') && !this.#taken.has(name)
  }

  #numbered(prefix: string): string {
    let count = 1
    while (this.#taken.has(`${prefix}${count}`)) count++
    return `${prefix}${count}`
  }
}
