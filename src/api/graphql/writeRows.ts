import type { GraphQLObjectType, GraphQLResolveInfo } from 'graphql'
import type { Figures } from '../../gateway/answerTypes.ts'
import { toJson } from '../../merge/value.ts'
import type { Answered } from './answered.ts'
import { columnsBy } from './columnsBy.ts'
import { type Output, readOutputs } from './readOutputs.ts'
import { Written } from './writeJson.ts'

/** The rows as the selection at `info` shapes them, numbers digit for digit. */
export function writeRows(answered: Answered, type: GraphQLObjectType, info: GraphQLResolveInfo): Written {
  return writeTable(answered.answer, readOutputs(info.fieldNodes, type, 'rows', readingOf(answered, info)))
}

/** The subtotals by some columns, likewise. */
export function writeSubtotal(
  answered: Answered,
  names: readonly string[],
  type: GraphQLObjectType,
  info: GraphQLResolveInfo,
): Written | null {
  const key = String(info.path.key)
  const by = columnsBy(names, answered.book, [key, 'by'])
  const wanted = new Set(by)
  const found = answered.answer.subtotals?.find((each) => new Set(each.by).symmetricDifference(wanted).size === 0)
  if (found === undefined) return null
  return writeTable(found, readOutputs(info.fieldNodes, type, key, { ...readingOf(answered, info), by }))
}

/** The grand totals as the selection at `info` shapes them. */
export function writeTotals(answered: Answered, type: GraphQLObjectType, info: GraphQLResolveInfo): Written | null {
  const { totals } = answered.answer
  if (totals === undefined) return null
  const outputs = readOutputs(info.fieldNodes, type, 'totals', readingOf(answered, info))
  const cells = new Map(totals.names.map((name, i) => [name, toJson(totals.values[i] ?? null)]))
  cells.set('finality', JSON.stringify(totals.finality))
  const pieces = piecesOf(outputs).map((piece) =>
    typeof piece === 'string' ? piece : (cells.get(piece.column) ?? 'null'),
  )
  return new Written(pieces.join(''))
}

function readingOf({ shape, book, question }: Answered, info: GraphQLResolveInfo) {
  return { shape, book, info, compares: question.compare !== undefined }
}

type Table = Pick<Figures, 'columns' | 'values' | 'rowCount'>

function writeTable({ columns, values, rowCount }: Table, outputs: readonly Output[]): Written {
  const indexes = new Map(columns.map(({ name }, i) => [name, i]))
  const written = new Map<string, readonly string[]>()
  const cellsOf = (column: string): readonly string[] => {
    const cells = written.get(column) ?? (values[indexes.get(column) ?? -1] ?? []).map(toJson)
    written.set(column, cells)
    return cells
  }
  const pieces = piecesOf(outputs).map((piece) => (typeof piece === 'string' ? piece : cellsOf(piece.column)))
  const rows = Array.from({ length: rowCount }, (_, row) => {
    let text = ''
    for (const piece of pieces) text += typeof piece === 'string' ? piece : (piece[row] ?? 'null')
    return text
  })
  return new Written(`[${rows.join(',')}]`)
}

type Piece = string | { readonly column: string }

/** A row as text with holes for its columns. */
function piecesOf(outputs: readonly Output[]): Piece[] {
  const members = outputs.flatMap((output, i): Piece[] => {
    const head = `${i === 0 ? '' : ','}${JSON.stringify(output.key)}:`
    return [head, ...pieceOf(output)]
  })
  return ['{', ...members, '}']
}

function pieceOf(output: Output): Piece[] {
  switch (output.kind) {
    case 'column':
      return [{ column: output.column }]
    case 'object':
      return piecesOf(output.fields)
    case 'typeName':
      return [JSON.stringify(output.name)]
  }
}
