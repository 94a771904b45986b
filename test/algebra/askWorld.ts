import { z } from 'zod'
import { plainNumber, type Table } from '../support/answersTable.ts'
import type { World } from './openWorld.ts'

const cell = z.unknown()
const record = z.record(z.string(), cell)
const reply = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(cell)),
  notices: z.array(z.object({ code: z.string() })),
  truncated: z.boolean(),
  nextCursor: z.string().nullable(),
  totals: z.array(record).optional(),
  subtotals: z.array(z.object({ by: z.array(z.string()), rows: z.array(record) })).optional(),
})
const problem = z.object({ code: z.string(), detail: z.string().optional() })

/** An answer as a caller gets it, every cell a text, numbers digit for digit as they were sent. */
export interface Told {
  /** Without the column `finality`. */
  readonly table: Table
  readonly finality: readonly string[]
  /** Names of the columns that hold doubles. */
  readonly floats: ReadonlySet<string>
  readonly totals: readonly TextRecord[] | undefined
  readonly subtotals: readonly { readonly by: readonly string[]; readonly rows: readonly TextRecord[] }[] | undefined
  readonly notices: readonly string[]
  readonly truncated: boolean
  readonly nextCursor: string | null
}

export type TextRecord = Readonly<Record<string, string | null>>

/** A question that was refused. */
export interface Refused {
  readonly refused: string
  readonly detail: string
}

/** Asks over REST, so that what is compared is what the API document promises. */
export async function askWorld(world: World, question: unknown): Promise<Told | Refused> {
  const response = await world.app.inject({
    method: 'POST',
    url: '/v1/query?shape=rows',
    headers: { host: '127.0.0.1', 'content-type': 'application/json' },
    payload: JSON.stringify(question),
  })
  const body = JSON.parse(response.payload, keepDigits)
  if (response.statusCode !== 200) {
    const { code, detail = '' } = problem.parse(body)
    return { refused: code, detail }
  }
  const given = reply.parse(body)
  const last = given.columns.findIndex(({ name }) => name === 'finality')
  const shown = given.columns.filter((_, i) => i !== last)
  return {
    table: {
      columns: shown.map(({ name }) => name),
      rows: given.rows.map((row) => row.filter((_, i) => i !== last).map(textOf)),
    },
    finality: given.rows.map((row) => String(row[last])),
    floats: new Set(shown.filter(({ type }) => type === 'float64').map(({ name }) => name)),
    totals: given.totals?.map(textsOf),
    subtotals: given.subtotals?.map(({ by, rows }) => ({ by, rows: rows.map(textsOf) })),
    notices: given.notices.map(({ code }) => code),
    truncated: given.truncated,
    nextCursor: given.nextCursor,
  }
}

/** A number of the text, which is not to be taken for a text that looks like one. */
class Digits {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

function keepDigits(this: unknown, _key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? new Digits(context?.source ?? String(value)) : value
}

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return value instanceof Digits ? plainNumber(value.text) : String(value)
}

function textsOf(row: Readonly<Record<string, unknown>>): TextRecord {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, textOf(value)]))
}
