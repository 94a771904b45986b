import type { QuestionInput } from '../../query/question.ts'

type MetricRequest = NonNullable<QuestionInput['metrics']>[number]

interface MetricEntry {
  readonly metric: string
  readonly modifiers: readonly string[]
  readonly column: string
  readonly place: readonly string[]
}

const COLUMN_NAME = /^[A-Za-z][A-Za-z0-9_]{0,62}$/

/**
 * What the selection of one root field asks for, each thing once, and the column of the answer it comes in. A metric is
 * named by its first alias where that can be a column's name; `orderBy` and `having` find columns by alias or name.
 */
export class ColumnBook {
  readonly #reserved: ReadonlySet<string>
  readonly #metrics = new Map<string, MetricEntry>()
  readonly #dimensions = new Map<string, readonly string[]>()
  readonly #aliases = new Map<string, string>()
  #time = false

  /** `reserved`: names of dimensions, which no metric's column may take. */
  constructor(reserved: Iterable<string>) {
    this.#reserved = new Set([...reserved, 'time', 'finality'])
  }

  /** Whether `time` is selected. */
  get time(): boolean {
    return this.#time
  }

  get metrics(): readonly MetricEntry[] {
    return [...this.#metrics.values()]
  }

  /** Fields to group by, with where each is selected. */
  get dimensions(): ReadonlyMap<string, readonly string[]> {
    return this.#dimensions
  }

  /** The column of a metric under modifiers, selected at `place`, whose last part is its response key. */
  metric(metric: string, modifiers: readonly string[], place: readonly string[]): string {
    const sorted = [...new Set(modifiers)].toSorted()
    const id = JSON.stringify([metric, ...sorted])
    const key = place.at(-1) ?? metric
    const entry = this.#metrics.get(id) ?? { metric, modifiers: sorted, column: this.#name(key), place }
    this.#metrics.set(id, entry)
    this.#alias(key, entry.column)
    return entry.column
  }

  /** The column of `advertiser` or `advertiser.industry`, selected at `place`. */
  dimension(field: string, place: readonly string[]): string {
    if (!this.#dimensions.has(field)) this.#dimensions.set(field, place)
    this.#alias(place.slice(1).join('.'), field)
    return field
  }

  timeAt(key: string): string {
    this.#time = true
    this.#alias(key, 'time')
    return 'time'
  }

  finalityAt(key: string): string {
    this.#alias(key, 'finality')
    return 'finality'
  }

  /** The column that `orderBy` means; undefined when nothing selected bears the name. */
  column(name: string): string | undefined {
    if (name === 'time' || name === 'finality') return this.#aliases.get(name) ?? name
    const field = name.endsWith('.key') ? name.slice(0, -'.key'.length) : name
    return this.#aliases.get(name) ?? this.metricColumn(name) ?? (this.#dimensions.has(field) ? field : undefined)
  }

  /** The column of a metric that `having` means. */
  metricColumn(name: string): string | undefined {
    const named = this.metrics.filter(({ metric }) => metric === name)
    const column = this.#aliases.get(name)
    if (column !== undefined && this.metrics.some((each) => each.column === column)) return column
    return (named.find(({ modifiers }) => modifiers.length === 0) ?? named[0])?.column
  }

  /** Every name that `orderBy` would find. */
  names(): string[] {
    return [...new Set([...this.#aliases.keys(), ...this.#dimensions.keys(), ...this.metrics.map((m) => m.metric)])]
  }

  /** The metrics as a question asks for them. */
  requests(): MetricRequest[] {
    return this.metrics.map(({ metric, modifiers, column }) => {
      if (modifiers.length === 0 && column === metric) return metric
      return { metric, modifiers: [...modifiers], as: column }
    })
  }

  /** First come, first served: rows are read before totals. */
  #alias(name: string, column: string): void {
    if (!this.#aliases.has(name)) this.#aliases.set(name, column)
  }

  /** `wanted` where it can stand as a column's name beside the others, else m1, m2, ... */
  #name(wanted: string): string {
    const taken = (name: string): boolean =>
      this.#reserved.has(name) || this.metrics.some((each) => each.column === name)
    // Two underscores belong to columns that the gateway adds.
    if (COLUMN_NAME.test(wanted) && !wanted.includes('__') && !taken(wanted)) return wanted
    let count = 1
    while (taken(`m${count}`)) count++
    return `m${count}`
  }
}
