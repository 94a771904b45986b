import { type DataType, tableFromIPC } from '@uwdata/flechette'
import { toText } from '../../../src/base/decimal.ts'
import { DAY, formatDay } from '../../../src/base/time.ts'

/** A cell by its very digits and letters; what is compared between formats. */
export type Cell = string | null
export type Rows = readonly (readonly Cell[])[]

/** The rows of `shape=rows&numbers=string`: the digits as they were written. */
export function fromJson(text: string): Rows {
  return (JSON.parse(text).rows as unknown[][]).map((row) => row.map(cellOf))
}

/** The rows of NDJSON, in the order of the names. Numbers that are not texts are taken by their digits. */
export function fromNdjson(text: string, names: readonly string[]): Rows {
  if (text === '') return []
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => {
      const row = JSON.parse(line, digits) as Record<string, unknown>
      if (Object.keys(row).length !== names.length) throw new Error(`a line of other columns: ${line}`)
      return names.map((name) => cellOf(row[name]))
    })
}

/** A parser of RFC 4180 that knows a quoted cell from a bare one; the first line is the names. */
export function fromCsv(text: string): { readonly names: readonly Cell[]; readonly rows: Rows } {
  const lines: Cell[][] = []
  let line: Cell[] = []
  let at = 0
  while (at < text.length) {
    const [all, quoted, bare = ''] = /"((?:[^"]|"")*)"|([^",\r\n]*)/y.exec(text.slice(at)) ?? ['']
    line.push(quoted === undefined ? (bare === '' ? null : bare) : quoted.replaceAll('""', '"'))
    at += all.length
    if (text[at] === ',') at += 1
    else if (text.startsWith('\r\n', at)) {
      at += 2
      lines.push(line)
      line = []
    } else throw new Error(`neither comma nor line end at ${at}: ${text.slice(at, at + 40)}`)
  }
  if (line.length > 0) throw new Error('the last line has no end')
  const [names = [], ...rows] = lines
  return { names, rows }
}

/** The rows of an Arrow stream with their types, and what its schema says beside them. */
export function fromArrow(bytes: Uint8Array): {
  readonly names: readonly string[]
  readonly types: readonly string[]
  readonly rows: Rows
  readonly metadata: Readonly<Record<string, string>>
  readonly fields: readonly Readonly<Record<string, string>>[]
  readonly batches: number
} {
  // Copied, so that it begins where 64-bit numbers may begin.
  const table = tableFromIPC(new Uint8Array(bytes), { useBigInt: true, useDecimalInt: true })
  const { fields, metadata } = table.schema
  const columns = table.children.map((column, i) => {
    const type = fields[i]?.type
    return Array.from({ length: column.length }, (_, row) => arrowCell(column.at(row), type))
  })
  return {
    names: fields.map(({ name }) => name),
    types: fields.map(({ type }) => typeName(type)),
    rows: Array.from({ length: table.numRows }, (_, row) => columns.map((column) => column[row] ?? null)),
    metadata: Object.fromEntries(metadata ?? []),
    fields: fields.map((each) => Object.fromEntries(each.metadata ?? [])),
    batches: (table.children[0]?.data ?? []).filter(({ length }) => length > 0).length,
  }
}

function arrowCell(value: unknown, type: DataType | undefined): Cell {
  if (typeof value === 'bigint' && type !== undefined && 'scale' in type) {
    return toText({ units: value, scale: type.scale })
  }
  if (typeof value === 'number' && type !== undefined && typeName(type) === 'date32') return formatDay(value / DAY)
  return cellOf(value)
}

function cellOf(value: unknown): Cell {
  return value === null || value === undefined ? null : String(value).toWellFormed()
}

/** As Arrow calls it. */
function typeName(type: DataType): string {
  if ('dictionary' in type) return `dictionary<${typeName(type.dictionary)}>`
  if ('scale' in type) return `decimal${type.bitWidth}(${type.precision}, ${type.scale})`
  const names: Record<number, string> = { 2: 'int', 3: 'float', 5: 'utf8', 6: 'bool', 8: 'date32' }
  const bits = 'bitWidth' in type ? type.bitWidth : 'precision' in type ? [16, 32, 64][type.precision] : ''
  return `${names[type.typeId] ?? type.typeId}${bits}`
}

function digits(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? (context?.source ?? value) : value
}
