import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FilterInput } from '../../src/query/question.ts'
import { PROCESSES } from './kiosk.ts'
import { STORABLE } from './texts.ts'
import { LIVE_DAY, openWorld, PUBLISHED_DAY, type World } from './world.ts'

let world: World
let before: string
beforeAll(async () => {
  world = await openWorld()
  before = await world.fingerprint()
})
afterAll(() => world.stop())

/** Facts in ClickHouse and in PostgreSQL, and a process whose days lie in both. */
const TABLES = [
  { noun: 'beacon', day: LIVE_DAY },
  { noun: 'parcel', day: LIVE_DAY },
  { noun: 'visit', day: LIVE_DAY },
  { noun: 'visit', day: PUBLISHED_DAY },
] as const

async function ask(question: object): Promise<unknown[][]> {
  const response = await world.app.inject({
    method: 'POST',
    url: '/v1/query?shape=rows',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify(question),
  })
  if (response.statusCode !== 200) throw new Error(response.body)
  return response.json<{ rows: unknown[][] }>().rows
}

/** The labels of the rows that a filter leaves. */
async function labels({ noun, day }: (typeof TABLES)[number], filter: FilterInput): Promise<unknown[]> {
  const rows = await ask({
    metrics: [`${noun}_weight`],
    dimensions: ['label'],
    time: { range: day, zone: 'UTC' },
    filters: [filter],
  })
  return rows.map(([label]) => label)
}

const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
const sorted = (texts: readonly string[]): string[] => texts.toSorted(byCodePoint)

const MEANING: Readonly<Record<string, (text: string, value: string) => boolean>> = {
  eq: (text, value) => text === value,
  ne: (text, value) => text !== value,
  in: (text, value) => text === value,
  notIn: (text, value) => text !== value,
  contains: (text, value) => text.includes(value),
  startsWith: (text, value) => text.startsWith(value),
  lt: (text, value) => byCodePoint(text, value) < 0,
  gte: (text, value) => byCodePoint(text, value) >= 0,
}

describe.each(TABLES)('$noun on $day', (table) => {
  it('gives every text back as it was written, in the order of code points', async () => {
    expect(await labels(table, { field: 'label', op: 'notNull' })).toEqual(sorted(STORABLE))
  })

  it.each(Object.entries(MEANING))('%s compares every text literally', async (op, holds) => {
    for (const value of STORABLE) {
      const found = await labels(table, { field: 'label', op: op as 'eq', values: [value] })
      const wanted = sorted(STORABLE.filter((text) => holds(text, value)))
      expect({ value, found }).toEqual({ value, found: wanted })
    }
  })
})

describe('texts elsewhere', () => {
  it('reach the very row in values of dimensions, page by page', async () => {
    const given: unknown[] = []
    let cursor = ''
    for (let page = 0; page < STORABLE.length; page++) {
      const response = await world.app.inject(`/v1/dimensions/code/values?limit=7${cursor}`)
      const { values, nextCursor } = response.json<{ values: { value: string }[]; nextCursor: string | null }>()
      given.push(...values.map(({ value }) => value))
      if (nextCursor === null) break
      cursor = `&cursor=${nextCursor}`
    }
    expect(given).toEqual(sorted(STORABLE))
  })

  it('are searched for literally', async () => {
    for (const text of STORABLE.filter((each) => each !== '' && each.length <= 150)) {
      const response = await world.app.inject(
        `/v1/dimensions/code/values?limit=1000&search=${encodeURIComponent(text)}`,
      )
      const { values } = response.json<{ values: { value: string }[] }>()
      const found = values.map(({ value }) => value)
      expect(found).toContain(text)
      const folded = (each: string): string => each.toLowerCase()
      const held = STORABLE.filter((each) => folded(`title of ${each}`).includes(folded(text)))
      // Case folding beyond ASCII is the store's own; without it the two must agree.
      if (/^[\x20-\x7e]*$/.test(text)) expect(sorted(found)).toEqual(sorted(held))
    }
  })

  it('leave the tables as they were', async () => {
    expect(await world.fingerprint()).toBe(before)
    const counts = await Promise.all(
      PROCESSES.map((noun) => ask({ metrics: [`${noun}s`], time: { range: LIVE_DAY, zone: 'UTC' } })),
    )
    expect(counts.map((rows) => rows[0]?.[0])).toEqual(PROCESSES.map(() => STORABLE.length))
  })
})
