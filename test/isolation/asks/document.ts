import { type Asked, dimensionOf, fieldsOf } from '../asked.ts'
import type { Moment } from '../model.ts'
import { expectedAnswer } from '../oracle/answer.ts'
import type { View } from '../oracle/view.ts'
import { type Ask, at, listAt, type Reply, wrongKeeping } from './ask.ts'
import { wrongCatalog } from './catalog.ts'
import { difference, figure, keyText } from './compare.ts'
import { documentText } from './documentText.ts'

/** One root field of a document. */
export interface Panel {
  readonly alias: string
  readonly domain: string
  readonly asked: Asked
  /** Dimensions that have a table, and so attributes. */
  readonly tables: ReadonlySet<string>
}

/** A document that asks several questions, and beside them perhaps fields of the catalog. */
export function documentAsk(panels: readonly Panel[], method: 'GET' | 'POST', withCatalog: boolean): Ask {
  const query = documentText(panels, withCatalog)
  return {
    what: `a document of ${panels.length} questions${withCatalog ? ' and the catalog' : ''}`,
    sent:
      method === 'POST'
        ? { method, url: '/graphql', body: JSON.stringify({ query }) }
        : { method, url: `/graphql?query=${encodeURIComponent(query)}` },
    check(reply, view, moment) {
      const fits = panels.every((panel) => isInSchema(panel, view))
      if (!fits) return isRefused(reply) ? undefined : 'a document was executed that asks for what is not there'
      if (reply.status !== 200) return `refused with ${reply.status}`
      for (const panel of panels) {
        const wrong = wrongPanel(panel, reply, view, moment)
        if (wrong !== undefined) return `${panel.alias}: ${wrong}`
      }
      return (withCatalog ? wrongCatalog(at(reply.json, 'data'), view) : undefined) ?? wrongKeeping(reply)
    },
  }
}

/** True when the schema of the caller has the fields that the panel names; modifiers are found out later. */
function isInSchema({ domain, asked }: Panel, { visible }: View): boolean {
  const fields = [...asked.dimensions, ...asked.filters.flatMap(fieldsOf)]
  return (
    visible.domains.has(domain) &&
    asked.metrics.every(({ metric }) => visible.metrics.has(metric)) &&
    fields.every((field) => visible.dimensions.has(dimensionOf(field)))
  )
}

function isRefused({ json }: Reply): boolean {
  const data = at(json, 'data')
  return (data === undefined || data === null) && listAt(json, 'errors').length > 0
}

function wrongPanel({ alias, asked }: Panel, { json }: Reply, view: View, moment: Moment): string | undefined {
  const wanted = expectedAnswer(asked, view)
  const error = listAt(json, 'errors').find((each) => at(each, 'path', 0) === alias)
  if (wanted.refusal !== undefined) {
    const code = String(at(error, 'extensions', 'code'))
    return code === (wanted.refusal === 'unknown' ? 'UNKNOWN_MODIFIER' : 'NOT_ANSWERABLE')
      ? undefined
      : `${code} where the question is ${wanted.refusal}`
  }
  if (error !== undefined) return `refused: ${JSON.stringify(error)}`
  const totals = at(json, 'data', alias, 'totals')
  const given = {
    rows: listAt(json, 'data', alias, 'rows').map((row) => ({
      keys: [...(asked.byDay ? ['time'] : []), ...asked.dimensions].map((field) => keyText(fieldIn(row, field, view))),
      values: asked.metrics.map(({ as }) => figure(at(row, as))),
    })),
    totals: totals === undefined ? undefined : asked.metrics.map(({ as }) => figure(at(totals, as))),
  }
  return difference(given, wanted, asked, wanted.mayMiss || moment.realtimeDown)
}

/** A dimension with a table is an object of its key and attributes. */
function fieldIn(row: unknown, field: string, view: View): unknown {
  const [name = '', attribute = 'key'] = field.split('.')
  return view.dimensions.get(name)?.table === undefined ? at(row, name) : at(row, name, attribute)
}
