import { hash } from 'node:crypto'
import { parseDecimal, toText } from '../../base/decimal.ts'
import { isDecimal, type Value } from '../../merge/value.ts'
import type { Column, Figures, Subtotal } from '../answerTypes.ts'

/** A value as JSON holds it without loss: exact numbers are texts of digits. */
type Packed = string | number | boolean | null

/** An answer's figures as bytes; `unpack` gives them back digit for digit. */
export function pack(figures: Figures): Buffer {
  const { values, totals, subtotals, ...rest } = figures
  const packed = {
    ...rest,
    values: values.map((column) => column.map(packValue)),
    totals: totals && packTotals(totals),
    subtotals: subtotals?.map((each) => ({ ...each, values: each.values.map((column) => column.map(packValue)) })),
  }
  return Buffer.from(JSON.stringify(packed))
}

/** Tells packed figures apart: the same figures, the same tag. */
export function tagOf(packed: Buffer): string {
  return hash('sha256', packed, 'base64url').slice(0, 27)
}

/** Throws on bytes that `pack` did not write. */
export function unpack(bytes: Buffer): Figures {
  const packed = JSON.parse(bytes.toString('utf8')) as Omit<Figures, 'values' | 'totals' | 'subtotals'> & {
    values: Packed[][]
    subtotals?: (Omit<Subtotal, 'values'> & { values: Packed[][] })[]
    totals?: { names: string[]; values: Packed[]; finality: NonNullable<Figures['totals']>['finality'] }
  }
  const { columns, totals } = packed
  const types = new Map(columns.map(({ name, type }) => [name, type]))
  return {
    ...packed,
    values: unpackColumns(packed.values, columns),
    subtotals: packed.subtotals?.map((each) => ({ ...each, values: unpackColumns(each.values, each.columns) })),
    totals: totals && {
      ...totals,
      values: totals.values.map((value, i) => unpackValue(value, types.get(totals.names[i] ?? ''))),
    },
  }
}

function unpackColumns(values: readonly Packed[][], columns: readonly Column[]): Value[][] {
  return values.map((column, i) => column.map((value) => unpackValue(value, columns[i]?.type)))
}

function packTotals({ names, values, finality }: NonNullable<Figures['totals']>) {
  return { names, values: values.map(packValue), finality }
}

function packValue(value: Value): Packed {
  if (typeof value === 'bigint') return value.toString()
  return isDecimal(value) ? toText(value) : value
}

function unpackValue(value: Packed, type: Column['type'] | undefined): Value {
  if (typeof value !== 'string') return value
  switch (type) {
    case 'int64':
    case 'decimal':
    case 'float64': {
      const exact = parseDecimal(value)
      if (exact === undefined) throw new TypeError('packed bytes hold a number that is none')
      return exact
    }
    default:
      return value
  }
}
