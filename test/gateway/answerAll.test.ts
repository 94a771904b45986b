import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Fault } from '../../src/base/faults.ts'
import { answer, answerAll } from '../../src/gateway/answer.ts'
import { AnswerCache } from '../../src/gateway/cache/answerCache.ts'
import { stopwatch } from '../../src/gateway/cache/flights.ts'
import { OPEN_CALLER } from '../../src/gateway/caller.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { StoreHealth } from '../../src/gateway/health.ts'
import type { QuestionInput } from '../../src/query/question.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import type { Statement, Store } from '../../src/stores/port.ts'
import { openShop, type Shop } from '../support/shop.ts'

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.stop())

/** The shop's gateway, its stores wrapped: what they are asked is written down, and may be refused. */
function watched(refuse: (statement: Statement, store: Store) => Fault | undefined = () => undefined): {
  gateway: Gateway
  asked: string[]
} {
  const asked: string[] = []
  const stores = [...shop.composition.gateway.stores].map(([name, store]): [string, Store] => {
    const query: Store['query'] = async (statement, options) => {
      // What the columns of a source are is asked once, and is no read of rows.
      if (!/^(describe|select pg_typeof)/.test(statement.text)) asked.push(`${name} ${statement.text}`)
      const fault = refuse(statement, store)
      if (fault !== undefined) throw fault
      return store.query(statement, options)
    }
    return [name, Object.assign(Object.create(store), { query }) as Store]
  })
  const { gateway } = shop.composition
  // It keeps nothing, so that whatever is asked shows.
  const cache = new AnswerCache({ bytes: 0, clock: stopwatch })
  return { gateway: { ...gateway, cache, stores: new Map(stores), health: new StoreHealth(gateway.clock) }, asked }
}

const question = (input: QuestionInput) => readQuestion(input)
const time = { range: 'last 3 days and today', grain: 'day' } as const
const rows = (outcome: Awaited<ReturnType<typeof answerAll>>[number] | undefined): unknown => {
  if (outcome === undefined || outcome instanceof Fault) return outcome
  return outcome.values.map((column) =>
    column.map((value) =>
      typeof value === 'object' && value !== null ? Number(value.units) / 10 ** value.scale : value,
    ),
  )
}

describe('questions that go together', () => {
  it('read in one pass what they have in common, and answer as each would alone', async () => {
    const questions = [
      question({ metrics: ['clicks'], dimensions: ['channel'], time }),
      question({
        metrics: ['cost', 'feed_clicks'],
        dimensions: ['channel'],
        time,
        having: [{ field: 'cost', op: 'gt', values: [4] }],
      }),
      question({
        metrics: ['cpc'],
        dimensions: ['channel'],
        time,
        order: [{ field: 'cpc', direction: 'desc' }],
        limit: 1,
      }),
    ]
    const { gateway, asked } = watched()
    const together = await answerAll(questions, OPEN_CALLER, gateway)
    expect(asked.map((text) => text.split(' ')[0]).toSorted()).toEqual(['offline', 'realtime'])
    for (const [i, alone] of questions.entries()) {
      expect(rows(together[i])).toEqual(rows(await answer(alone, OPEN_CALLER, gateway)))
    }
  })

  it('fail each for itself', async () => {
    const { gateway } = watched((statement) =>
      statement.text.includes('"sale"') ? new Fault('STORE_FAILED', 'refused') : undefined,
    )
    const outcomes = await answerAll(
      [
        question({ metrics: ['clicks'], time }),
        question({ metrics: ['gmv'], time }),
        question({ metrics: ['clicks'], time: { range: 'yesterday', zone: 'Mars' } }),
      ],
      OPEN_CALLER,
      gateway,
    ).catch((error: unknown) => error)
    expect(Array.isArray(outcomes) && outcomes.map((each) => (each instanceof Fault ? each.code : 'answered'))).toEqual(
      ['answered', 'STORE_FAILED', 'INVALID_ZONE'],
    )
  })
})

describe('a store that can not be reached', () => {
  const down = (name: string) => (_: Statement, store: Store) =>
    store.name === name ? new Fault('STORE_DOWN', 'away') : undefined

  it('leaves the published days, and says which are missing, when it is the real-time store', async () => {
    const { gateway, asked } = watched(down('realtime'))
    const outcome = await answer(question({ metrics: ['clicks'], time }), OPEN_CALLER, gateway)
    expect(rows(outcome)).toEqual([
      ['2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20'],
      [8, 8, null, null],
      ['final', 'final', 'missing', 'missing'],
    ])
    expect(outcome.notices.map(({ code }) => code)).toEqual(['REALTIME_DOWN'])
    const before = asked.length
    await answer(question({ metrics: ['clicks'], time }), OPEN_CALLER, gateway)
    expect(asked.slice(before).map((text) => text.split(' ')[0])).toEqual(['offline'])
  })

  it('is a 503 when it is the offline store', async () => {
    const { gateway } = watched(down('offline'))
    await expect(answer(question({ metrics: ['clicks'], time }), OPEN_CALLER, gateway)).rejects.toMatchObject({
      code: 'STORE_DOWN',
      status: 503,
    })
  })
})

describe('a scope', () => {
  it('stands in every statement and leaves only its own rows, whatever is filtered', async () => {
    const { gateway, asked } = watched()
    const scope = (...values: string[]) => [{ dimension: 'advertiser', type: 'integer' as const, values }]
    const wide = { field: 'advertiser', op: 'in' as const, values: [1, 2, 9] }
    const outcome = await answer(
      question({
        metrics: ['clicks', 'viewers'],
        dimensions: ['advertiser'],
        time: { range: 'last 4 days' },
        filters: [wide],
      }),
      { ...OPEN_CALLER, scope: scope('2') },
      gateway,
    )
    expect(rows(outcome)).toEqual([[2], [9], [6], ['provisional']])
    expect(asked.every((text) => /"advertiser_id" in \((\{p\d+:Int64\}|\$\d+::bigint)\)/.test(text))).toBe(true)
    const nobody = await answer(question({ metrics: ['clicks'], time }), { ...OPEN_CALLER, scope: scope() }, gateway)
    expect(nobody.rowCount).toBe(0)
  })
})
