import { type Asked, questionText } from '../asked.ts'
import { type Expected, type ExpectedRow, expectedAnswer } from '../oracle/answer.ts'
import { type Ask, at, listAt, type Reply, wrongKeeping } from './ask.ts'
import { difference, figure, keyText } from './compare.ts'

/** How REST writes rows. */
export type Shape = 'records' | 'rows' | 'columns'

/** A question to POST /v1/query, or to GET /v1/query?q=. */
export function queryAsk(asked: Asked, method: 'GET' | 'POST', shape: Shape): Ask {
  const text = questionText(asked)
  const wish = shape === 'records' && text.length % 2 === 0 ? '' : `shape=${shape}`
  const sent =
    method === 'POST'
      ? ({ method, url: `/v1/query${wish === '' ? '' : `?${wish}`}`, body: text } as const)
      : ({ method, url: `/v1/query?q=${encodeURIComponent(text)}${wish === '' ? '' : `&${wish}`}` } as const)
  return {
    what: `a question as ${shape}`,
    sent,
    check(reply, view, moment) {
      const wanted = expectedAnswer(asked, view)
      if (wanted.refusal !== undefined) return wrongRefusal(reply, wanted.refusal)
      if (reply.status !== 200) return `refused with ${reply.status}`
      const totals = listAt(reply.json, 'totals')[0]
      const given = {
        rows: rowsIn(reply.json, shape, asked),
        totals: totals === undefined ? undefined : asked.metrics.map(({ as }) => figure(at(totals, as))),
      }
      return difference(given, wanted, asked, wanted.mayMiss || moment.realtimeDown) ?? wrongKeeping(reply)
    },
  }
}

/** What is not there for a caller is refused as what is not there at all. */
export function wrongRefusal({ status, json }: Reply, refusal: NonNullable<Expected['refusal']>): string | undefined {
  const code = String(at(json, 'code'))
  if (refusal === 'unanswerable' && code === 'NOT_ANSWERABLE') return undefined
  if (refusal === 'unknown' && /^UNKNOWN_(METRIC|DIMENSION|MODIFIER)$/.test(code)) return undefined
  return `${status} ${code} where the question is ${refusal}`
}

function rowsIn(json: unknown, shape: Shape, { byDay, dimensions, metrics }: Asked): ExpectedRow[] {
  const keys = [...(byDay ? ['time'] : []), ...dimensions]
  const names = [...keys, ...metrics.map(({ as }) => as)]
  return cellsIn(json, shape, names).map((cells) => ({
    keys: cells.slice(0, keys.length).map(keyText),
    values: cells.slice(keys.length).map(figure),
  }))
}

function cellsIn(json: unknown, shape: Shape, names: readonly string[]): unknown[][] {
  switch (shape) {
    case 'records':
      return listAt(json, 'rows').map((row) => names.map((name) => at(row, name)))
    case 'rows':
      return listAt(json, 'rows').map((row) => names.map((_, i) => at(row, i)))
    case 'columns':
      return listAt(json, 'rows', names[0] ?? '').map((_, row) => names.map((name) => at(json, 'rows', name, row)))
  }
}
