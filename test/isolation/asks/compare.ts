import type { Asked } from '../asked.ts'
import type { Expected, ExpectedRow, Value } from '../oracle/answer.ts'

/** Rows as a door gave them: keys as text, in the order of the question. */
export interface Given {
  readonly rows: readonly ExpectedRow[]
  readonly totals: readonly Value[] | undefined
}

type Answer = Extract<Expected, { refusal: undefined }>

/**
 * How an answer differs from what it must be. Where days may be missing a figure is right or null, and groups of those
 * days are not known.
 */
export function difference(
  { rows, totals }: Given,
  wanted: Answer,
  asked: Asked,
  mayMiss: boolean,
): string | undefined {
  const expected = new Map(wanted.rows.map((row) => [JSON.stringify(row.keys), row]))
  const seen = new Set<string>()
  for (const row of rows) {
    const identity = JSON.stringify(row.keys)
    const right = expected.get(identity)
    if (right === undefined) {
      if (mayMiss && row.values.every((value) => value === null)) continue
      return `there is no row ${identity} for this caller`
    }
    if (seen.has(identity)) return `the row ${identity} is there twice`
    seen.add(identity)
    const wrong = wrongValue(row.values, right.values, mayMiss)
    if (wrong !== undefined) return `in the row ${identity} ${wrong}`
  }
  const count = Math.min(asked.limit ?? expected.size, expected.size)
  if (!mayMiss && seen.size !== count) return `${seen.size} rows instead of ${count}`
  if (asked.totals !== (totals !== undefined)) return 'totals that were not asked for, or none'
  const wrong = totals && wrongValue(totals, wanted.totals, mayMiss)
  return wrong === undefined ? undefined : `in the totals ${wrong}`
}

function wrongValue(got: readonly Value[], wanted: readonly Value[], mayMiss: boolean): string | undefined {
  for (const [i, value] of wanted.entries()) {
    const given = got[i]
    if (given === undefined) return `column ${i} is not there`
    if (given === null && mayMiss) continue
    if (!isSame(given, value)) return `column ${i} is ${given} instead of ${value}`
  }
  return undefined
}

function isSame(a: Value, b: Value): boolean {
  if (a === null || b === null) return a === b
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b))
}

/** A key as text, as the generated rows have it. */
export function keyText(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}

/** A figure; undefined when it is none. */
export function figure(value: unknown): Value {
  return typeof value === 'number' || value === null ? value : Number.NaN
}
