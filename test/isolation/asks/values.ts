import type { DimensionModel, Moment } from '../model.ts'
import { fieldOf } from '../oracle/filters.ts'
import type { View } from '../oracle/view.ts'
import { type Ask, at, listAt, type Reply } from './ask.ts'

/** Which of a dimension's values are wanted. */
export interface Page {
  readonly search: string | undefined
  readonly limit: number
  /** The value that the page before ended with. */
  readonly after: string | undefined
}

/** GET /v1/dimensions/{name}/values. */
export function valuesAsk(dimension: DimensionModel, page: Page): Ask {
  const cursor = page.after === undefined ? undefined : cursorOf(dimension, page.after)
  const parameters = new URLSearchParams({
    limit: String(page.limit),
    ...(page.search === undefined ? {} : { search: page.search }),
    ...(cursor === undefined ? {} : { cursor }),
  })
  return {
    what: `values of ${dimension.name}`,
    sent: { method: 'GET', url: `/v1/dimensions/${dimension.name}/values?${parameters}` },
    check(reply, view, moment) {
      if (!view.visible.dimensions.has(dimension.name)) {
        return at(reply.json, 'code') === 'NOT_FOUND' ? undefined : `${reply.status} for what is not there`
      }
      if (reply.status !== 200) return `refused with ${reply.status}`
      // The admin is told of all that the tables hold, those of other towns too.
      if (Object.keys(view.bound).length === 0) return undefined
      return wrongPage(reply, dimension, page, view, moment)
    },
  }
}

function cursorOf({ type }: DimensionModel, value: string): string {
  return Buffer.from(JSON.stringify([type === 'integer' ? Number(value) : value])).toString('base64url')
}

/** Values are those of the caller's own facts, with their names. */
function wrongPage(
  { json }: Reply,
  dimension: DimensionModel,
  page: Page,
  view: View,
  moment: Moment,
): string | undefined {
  const carrying = [...view.visible.processes.values()].filter(({ dimensions }) => dimensions.includes(dimension.name))
  const keys = new Set(
    carrying.flatMap((process) => view.factsOf(process).flatMap(({ keys: of }) => of[dimension.name] ?? [])),
  )
  const all = [...keys].map((key) => ({ key, label: labelOf(dimension, key, view) }))
  const wanted = all
    .filter(({ key, label }) => `${key}\n${label}`.toLowerCase().includes((page.search ?? '').toLowerCase()))
    .filter(({ key }) => page.after === undefined || key > page.after)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const got = listAt(json, 'values').map((each) => `${at(each, 'value')}: ${at(each, 'label')}`)
  const right = wanted.map(({ key, label }) => `${key}: ${label}`)
  const strange = got.filter((each) => !right.includes(each))
  if (strange.length > 0) return `values that are not in the caller's rows: ${strange.join(', ')}`
  // With one process and all of its days the list is whole.
  const whole = carrying.length === 1 && !moment.realtimeDown
  const first = right.slice(0, page.limit)
  return whole && first.join('\n') !== got.join('\n')
    ? `got ${got.join(', ')} instead of ${first.join(', ')}`
    : undefined
}

function labelOf({ name, named, declared, members }: DimensionModel, key: string, view: View): string {
  const member = members.find((each) => each.key === key)
  const fact = { day: '', at: 0, keys: { [name]: key }, viewer: '', cost: 0, units: 0 }
  if (named) return (member && fieldOf(fact, `${name}.name`, view.dimensions)) ?? key
  return declared?.find(({ value }) => String(value) === key)?.label ?? key
}
