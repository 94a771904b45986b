import { Fault } from '../../src/base/faults.ts'
import { answer } from '../../src/gateway/answer.ts'
import { OPEN_CALLER } from '../../src/gateway/caller.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { asNumber } from '../../src/merge/value.ts'
import type { QuestionInput } from '../../src/query/question.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import type { Store } from '../../src/stores/port.ts'

/** What a question gave and what it cost. */
export interface Asked {
  /** Metrics column by column. */
  readonly figures: readonly (readonly (number | null)[])[]
  readonly totals: readonly (number | null)[]
  readonly refusal: Fault | undefined
  readonly milliseconds: number
  /** What came from the stores. */
  readonly rows: number
  readonly bytes: number
}

/** Asks through the gateway, with stores that count what they give. */
export async function ask(question: QuestionInput, gateway: Gateway): Promise<Asked> {
  const read = { rows: 0, bytes: 0 }
  const stores = new Map([...gateway.stores].map(([name, store]) => [name, counting(store, read)]))
  const began = performance.now()
  try {
    const { columns, values, totals } = await answer(readQuestion(question), OPEN_CALLER, { ...gateway, stores })
    const milliseconds = performance.now() - began
    const metrics = values.filter((_, i) => columns[i]?.role === 'metric')
    const figures = metrics.map((column) => column.map((value) => asNumber(value)))
    const whole = totals?.values.map((value) => asNumber(value)) ?? []
    return { figures, totals: whole, refusal: undefined, milliseconds, ...read }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { figures: [], totals: [], refusal: error, milliseconds: performance.now() - began, ...read }
  }
}

/** The first column of what SQL by hand gives in the store that holds every row. */
export async function byHand(text: string, offline: Store): Promise<readonly number[]> {
  const { rows } = await offline.query({ dialect: 'clickhouse', text, params: [] })
  return rows.map(([cell]) => Number(cell))
}

function counting(store: Store, read: { rows: number; bytes: number }): Store {
  const query: Store['query'] = async (statement, options) => {
    const result = await store.query(statement, options)
    read.rows += result.rows.length
    for (const row of result.rows) for (const cell of row) read.bytes += cell === null ? 0 : String(cell).length
    return result
  }
  return Object.assign(Object.create(store), { query }) as Store
}

/** A line of what was asked, with what it cost. */
export function costLine(name: string, asked: Pick<Asked, 'milliseconds' | 'rows' | 'bytes'>): string {
  const { milliseconds, rows, bytes } = asked
  const cost = [`${milliseconds.toFixed(0)} ms`, `${rows.toLocaleString('en')} rows`, `${(bytes / 1e6).toFixed(2)} MB`]
  return `  ${name.padEnd(44)}${cost.map((each) => each.padStart(18)).join('')}`
}
