import type { Cell } from '../base/cell.ts'
import { Fault } from '../base/faults.ts'
import { MOST_GROUPS, type SliceStatement, type StatementMeasure } from '../stores/sql/build.ts'

/** What the states of one question may take unless it is configured, in bytes. */
export const DEFAULT_STATE_BYTES = 512 * 1024 * 1024

/** A row as an array, and what merging keeps of it. */
const ROW_BYTES = 64
const CELL_BYTES = 8
/** What a text takes besides its characters. */
const TEXT_BYTES = 16

/** Rows after which a statement is over the budget whatever it returns: its store stops there. */
export function mostRows(stateBytes: number): number {
  return Math.min(MOST_GROUPS, Math.floor(stateBytes / (ROW_BYTES + CELL_BYTES)))
}

/** About how many bytes each column of some rows takes. */
export function bytesOfColumns(rows: readonly (readonly Cell[])[]): readonly number[] {
  const bytes = Array.from({ length: rows[0]?.length ?? 0 }, () => rows.length * CELL_BYTES)
  for (let column = 0; column < bytes.length; column++) {
    let texts = 0
    for (const row of rows) {
      const cell = row[column]
      if (typeof cell === 'string') texts += TEXT_BYTES + cell.length
    }
    bytes[column] = Number(bytes[column]) + texts
  }
  return bytes
}

/**
 * What has come for one question, over all its statements. Beyond the limit the question is refused: an exact figure is
 * not quietly made an approximate one, nor an answer cut.
 */
export class StateBudget {
  readonly #limit: number
  #bytes = 0
  /** Rows by source. */
  readonly #rows = new Map<string, number>()
  readonly #exact = new Set<string>()
  readonly #listeners: (() => void)[] = []
  #refusal: Fault | undefined

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Why the question is refused; undefined while it is not. */
  get refusal(): Fault | undefined {
    return this.#refusal
  }

  /** Calls back once when the question is refused. */
  onRefusal(listener: () => void): void {
    this.#listeners.push(listener)
  }

  /** Takes what a statement gave: of its columns the keys and those of `wanted` measures. */
  take(
    { slice, measures }: SliceStatement,
    wanted: (measure: StatementMeasure) => boolean,
    rows: number,
    columns: readonly number[],
  ): void {
    const [own, others] = [measures.filter(wanted), measures.filter((each) => !wanted(each))]
    if (own.length === 0) return
    this.#bytes += rows * ROW_BYTES + bytesWithout(others, own, columns)
    const { name } = slice.source
    this.#rows.set(name, (this.#rows.get(name) ?? 0) + rows)
    for (const { measure } of own.filter(isExact)) this.#exact.add(measure.request.metric.name)
    if (rows > MOST_GROUPS) this.#refuse(`makes more than ${count(MOST_GROUPS)} rows in ${name}, which is the most`)
    else if (this.#bytes > this.#limit) this.#refuse(this.#tooMuch())
  }

  #tooMuch(): string {
    const rows = [...this.#rows].map(([name, each]) => `${count(each)} rows of ${name}`)
    return `has brought ${megabytes(this.#bytes)} of states (${rows.join(', ')}) where ${megabytes(this.#limit)} are the most`
  }

  #refuse(why: string): void {
    if (this.#refusal !== undefined) return
    const exact = [...this.#exact].slice(0, MOST_NAMED).join(', ')
    const hint = exact === '' ? '' : ` A metric with \`algorithm: approximate\` takes far less than ${exact} does.`
    this.#refusal = new Fault('OVER_BUDGET', `The question ${why}; ${ASK_FOR_LESS}.${hint}`)
    for (const listener of this.#listeners) listener()
  }
}

const ASK_FOR_LESS = 'ask for fewer dimensions, a coarser grain, a shorter range or more filters'
const MOST_NAMED = 3

/** Bytes of all columns but those that only others want. */
function bytesWithout(
  others: readonly StatementMeasure[],
  own: readonly StatementMeasure[],
  columns: readonly number[],
): number {
  const left = new Set(others.flatMap(columnsOf)).difference(new Set(own.flatMap(columnsOf)))
  return columns.reduce((sum, bytes, column) => (left.has(column) ? sum : sum + bytes), 0)
}

function columnsOf({ presence, parts }: StatementMeasure): readonly number[] {
  return presence === undefined ? parts : [presence, ...parts]
}

/** True where every distinct key or value travels. */
function isExact({ measure: { recipe, travels } }: StatementMeasure): boolean {
  return travels === 'spread' && (recipe.kind === 'keys' || recipe.kind === 'values')
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

function count(rows: number): string {
  return rows.toLocaleString('en')
}
