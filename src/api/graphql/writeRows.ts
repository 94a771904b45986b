import type { GraphQLObjectType, GraphQLResolveInfo } from 'graphql'
import { toJson } from '../../merge/value.ts'
import type { Answered } from './answered.ts'
import { type Output, readOutputs } from './readOutputs.ts'
import { Written } from './writeJson.ts'

/** The rows as the selection at `info` shapes them, numbers digit for digit. */
export function writeRows(
  { answer, book, shape }: Answered,
  type: GraphQLObjectType,
  info: GraphQLResolveInfo,
): Written {
  const outputs = readOutputs(info.fieldNodes, type, 'rows', { shape, book, info })
  const indexes = new Map(answer.columns.map(({ name }, i) => [name, i]))
  const written = new Map<string, readonly string[]>()
  const cellsOf = (column: string): readonly string[] => {
    const cells = written.get(column) ?? (answer.values[indexes.get(column) ?? -1] ?? []).map(toJson)
    written.set(column, cells)
    return cells
  }
  const pieces = piecesOf(outputs).map((piece) => (typeof piece === 'string' ? piece : cellsOf(piece.column)))
  const rows = Array.from({ length: answer.rowCount }, (_, row) => {
    let text = ''
    for (const piece of pieces) text += typeof piece === 'string' ? piece : (piece[row] ?? 'null')
    return text
  })
  return new Written(`[${rows.join(',')}]`)
}

/** The grand totals as the selection at `info` shapes them. */
export function writeTotals(
  { answer, book, shape }: Answered,
  type: GraphQLObjectType,
  info: GraphQLResolveInfo,
): Written | null {
  const { totals } = answer
  if (totals === undefined) return null
  const outputs = readOutputs(info.fieldNodes, type, 'totals', { shape, book, info })
  const cells = new Map(totals.names.map((name, i) => [name, toJson(totals.values[i] ?? null)]))
  cells.set('finality', JSON.stringify(totals.finality))
  const pieces = piecesOf(outputs).map((piece) =>
    typeof piece === 'string' ? piece : (cells.get(piece.column) ?? 'null'),
  )
  return new Written(pieces.join(''))
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
