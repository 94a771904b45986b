import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Fault } from '../../src/base/faults.ts'
import { answer, answerAll } from '../../src/gateway/answer.ts'
import { AnswerCache } from '../../src/gateway/cache/answerCache.ts'
import { stopwatch } from '../../src/gateway/cache/flights.ts'
import { OPEN_CALLER } from '../../src/gateway/caller.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { asNumber } from '../../src/merge/value.ts'
import type { QuestionInput } from '../../src/query/question.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import type { Statement, Store } from '../../src/stores/port.ts'
import { type Composed, composed } from '../support/composed.ts'
import { startPostgres, type TestServer } from '../support/servers.ts'
import { fillViews, MONTH, QUANTILES, VIEWS_NOW, viewsCatalog } from '../support/views.ts'

const SEEDS = 8
let server: TestServer
let views: Composed
beforeAll(async () => {
  server = await startPostgres()
  views = await composed(viewsCatalog(SEEDS), server.url, {
    ONESERVICE_NOW: VIEWS_NOW,
    ONESERVICE_CACHE_MB: '0',
    ONESERVICE_STATE_MB: '300',
  })
  await fillViews(views.composition, views, { rows: 120_000, people: 40_000 })
})
afterAll(async () => {
  await views.close()
  await server.stop()
})

/** The gateway under a limit of its own; what its stores are asked is written down. */
function gatewayWith(stateBytes?: number): { gateway: Gateway; asked: Statement[] } {
  const asked: Statement[] = []
  const { gateway } = views.composition
  const stores = [...gateway.stores].map(([name, store]): [string, Store] => {
    const query: Store['query'] = async (statement, options) => {
      asked.push(statement)
      return store.query(statement, options)
    }
    return [name, Object.assign(Object.create(store), { query }) as Store]
  })
  // It remembers nothing, refusals neither.
  const cache = new AnswerCache({ bytes: 0, clock: stopwatch })
  const own = { ...gateway, cache, stores: new Map(stores), ...(stateBytes !== undefined && { stateBytes }) }
  return { gateway: own, asked }
}

const time = { range: [...MONTH] } satisfies QuestionInput['time']
const month = (metrics: string[], more: QuestionInput = {}) => readQuestion({ metrics, time, ...more })

/** The figures of a question, column by column. */
async function figures(question: QuestionInput, gateway = gatewayWith().gateway): Promise<(number | null)[][]> {
  const { values, columns } = await answer(readQuestion(question), OPEN_CALLER, gateway)
  return values.flatMap((column, i) => (columns[i]?.role === 'metric' ? [column.map((value) => asNumber(value))] : []))
}

async function truth(sql: string): Promise<number[]> {
  const { rows } = await views.offline.query({ dialect: 'clickhouse', text: sql, params: [] })
  return rows.map(([cell]) => Number(cell))
}

describe('exact distinct counts across the boundary', () => {
  it('of integers are those of all rows in one table, by word', async () => {
    const { gateway, asked } = gatewayWith()
    const [people] = await truth('select uniqExact(viewer_id) from all_views')
    expect(await figures({ metrics: ['viewers'], time }, gateway)).toEqual([[people]])
    const read = asked.filter(({ text }) => text.includes('limit 1000001'))
    expect(read.map(({ dialect }) => dialect).toSorted()).toEqual(['clickhouse', 'postgres'])
    for (const { text } of read) expect(text).toMatch(/groupBitOr|bit_or/)
  })

  it('by channel and week are too, and so are their totals', async () => {
    const asked = { metrics: ['viewers'], dimensions: ['channel'], time: { ...time, grain: 'week' as const } }
    const { values, totals } = await answer(
      readQuestion({ ...asked, totals: true }),
      OPEN_CALLER,
      gatewayWith().gateway,
    )
    const expected = await truth(
      'select uniqExact(viewer_id) from all_views group by toMonday(day), channel order by toMonday(day), channel',
    )
    expect(values[2]?.map((value) => asNumber(value))).toEqual(expected)
    const [people] = await truth('select uniqExact(viewer_id) from all_views')
    expect(JSON.stringify(totals, (_, value) => (typeof value === 'bigint' ? String(value) : value))).toContain(
      String(people),
    )
  })

  it('over a sliding week are those of its days', async () => {
    const asked = { metrics: ['viewers_of_a_week'], time: { range: ['2026-11-17', '2026-11-20'] as [string, string] } }
    const expected = await truth(
      `select uniqExact(viewer_id) from all_views as v, (select toDate('2026-11-17') + number as last from numbers(4)) as d
       where v.day > d.last - 7 and v.day <= d.last group by d.last order by d.last`,
    )
    expect(await figures({ ...asked, time: { ...asked.time, grain: 'day' } })).toEqual([expected])
  })

  it('to date are those since the month began', async () => {
    const expected = await truth(
      `select uniqExact(viewer_id) from all_views as v, (select distinct day from all_views where day >= '2026-11-01') as d
       where v.day >= '2026-11-01' and v.day <= d.day group by d.day order by d.day`,
    )
    const november = { range: ['2026-11-01', '2026-11-20'] as [string, string], grain: 'day' as const }
    expect(await figures({ metrics: ['viewers_to_date'], time: november })).toEqual([expected])
  })

  it('of texts in one store and integers in the other meet', async () => {
    const { gateway, asked } = gatewayWith()
    const [people] = await truth('select uniqExact(viewer_id) from all_views')
    expect(await figures({ metrics: ['mixed_viewers'], time }, gateway)).toEqual([[people]])
    expect(asked.filter(({ text }) => /groupBitOr|bit_or/.test(text)).map(({ dialect }) => dialect)).toEqual([
      'clickhouse',
    ])
  })

  it('of texts, decimals, booleans and dates travel as keys', async () => {
    const { gateway, asked } = gatewayWith()
    const metrics = ['viewers_by_text', 'paid_or_not', 'birthdays']
    const [texts, paid, births] = await Promise.all([
      truth('select uniqExact(member) from all_views'),
      truth('select uniqExact(is_paid) from all_views'),
      truth('select uniqExact(born) from all_views'),
    ])
    expect(await figures({ metrics, time }, gateway)).toEqual([texts, paid, births])
    await figures({ metrics: ['halves'], time }, gateway)
    for (const { text } of asked) expect(text).not.toMatch(/groupBitOr|bit_or/)
  })
})

describe('approximate figures across the boundary', () => {
  it('count texts within their error', async () => {
    const metrics = Array.from({ length: SEEDS }, (_, i) => `members_${i + 1}`)
    const [people = Number.NaN] = await truth('select uniqExact(member) from all_views')
    const counted = await figures({ metrics, time })
    const errors = counted.map(([count]) => Number(count) / people - 1)
    expect(new Set(errors).size).toBeGreaterThan(1)
    expect(Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / SEEDS)).toBeLessThanOrEqual(0.01)
    expect(Math.max(...errors.map(Math.abs))).toBeLessThanOrEqual(0.025)
  })

  it('are percentiles within 0.8 % of the exact ones', async () => {
    const counted = await figures({ metrics: [...QUANTILES.keys()], time })
    const [rows = 0] = await truth('select count() from all_views')
    for (const [i, share] of [...QUANTILES.values()].entries()) {
      const [exact = Number.NaN] = await truth(
        `select seconds from all_views order by seconds limit 1 offset ${Math.ceil(share * rows) - 1}`,
      )
      expect(Math.abs(Number(counted[i]?.[0]) / exact - 1)).toBeLessThanOrEqual(0.008)
    }
  })
})

describe('a question that brings more states than it may', () => {
  const megabyte = 1024 * 1024
  it('is one that brings more than the environment says', () => {
    expect(views.composition.gateway.stateBytes).toBe(300 * megabyte)
  })

  const byText = month(['viewers_by_text'], { totals: true })

  it('is refused with what came, what may come and what would work', async () => {
    const refused = answer(byText, OPEN_CALLER, gatewayWith(megabyte).gateway)
    await expect(refused).rejects.toMatchObject({
      code: 'OVER_BUDGET',
      status: 422,
      message: expect.stringMatching(
        /^The question has brought \d+\.\d MB of states \(.*[\d,]+ rows of view_(detail|event).*\) where 1\.0 MB are the most; ask for fewer dimensions, a coarser grain, a shorter range or more filters\. A metric with `algorithm: approximate` takes far less than viewers_by_text does\.$/,
      ),
    })
  })

  it('is stopped by its stores, which give one row more than could ever be taken', async () => {
    const { gateway, asked } = gatewayWith(megabyte)
    await answerAll([byText], OPEN_CALLER, gateway)
    const limits = asked.flatMap(({ text }) => /limit (\d+)/.exec(text)?.[1] ?? [])
    expect(new Set(limits.filter((limit) => limit !== '0'))).toEqual(new Set([String(Math.floor(megabyte / 72) + 1)]))
  })

  it('is counted over all its statements', async () => {
    const { gateway } = gatewayWith(megabyte / 2)
    const [one, two] = await Promise.all([
      answerAll([month(['members_1'])], OPEN_CALLER, gateway),
      answerAll([month(['members_1', 'members_2'])], OPEN_CALLER, gateway),
    ])
    expect(one[0]).not.toBeInstanceOf(Fault)
    expect(two[0]).toMatchObject({ code: 'OVER_BUDGET', message: expect.not.stringContaining('algorithm') })
  })

  it('does not wait for its other statements: they end in their stores', async () => {
    const { gateway } = gatewayWith(megabyte)
    let ended = false
    const { promise: waiting, resolve: waits } = Promise.withResolvers<void>()
    const stores = [...gateway.stores].map(([name, store]): [string, Store] => {
      if (name === 'offline') return [name, after(store, waiting)]
      const query: Store['query'] = (statement, options) => {
        if (!statement.text.includes('view_event') || statement.text.includes('pg_typeof'))
          return store.query(statement, options)
        waits()
        return new Promise((_, reject) => {
          options?.signal?.addEventListener('abort', () => {
            ended = true
            reject(new Fault('CLIENT_CLOSED', 'ended'))
          })
        })
      }
      return [name, Object.assign(Object.create(store), { query }) as Store]
    })
    const [outcome] = await answerAll([byText], OPEN_CALLER, { ...gateway, stores: new Map(stores) })
    expect([ended, outcome]).toMatchObject([true, { code: 'OVER_BUDGET' }])
  })

  it('is refused for itself: what was asked with it is answered as it is alone', async () => {
    const { gateway } = gatewayWith(megabyte)
    const small = month(['views', 'viewers'])
    const [refused, answered] = await answerAll([byText, small], OPEN_CALLER, gateway)
    expect(refused).toMatchObject({ code: 'OVER_BUDGET' })
    expect(answered).not.toBeInstanceOf(Fault)
  })
})

/** A store whose statements begin when something has happened. */
function after(store: Store, event: Promise<void>): Store {
  const query: Store['query'] = async (statement, options) => {
    if (statement.text.includes('limit')) await event
    return store.query(statement, options)
  }
  return Object.assign(Object.create(store), { query }) as Store
}
