import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildServer } from '../../src/api/server.ts'
import { answer } from '../../src/gateway/answer.ts'
import { OPEN_CALLER } from '../../src/gateway/caller.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import { openStore } from '../../src/stores/open.ts'
import type { Statement, Store } from '../../src/stores/port.ts'
import { openWorld, type World } from './world.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'
const MARK = 'XxMarkxX'

let world: World
let app: Awaited<ReturnType<typeof buildServer>>
/** What went to the stores of a second server over the same gateway, which are watched and not otherwise touched. */
const statements: Statement[] = []

beforeAll(async () => {
  world = await openWorld({ ONESERVICE_CACHE_MB: '0' })
  const { composition } = world.door
  const stores = new Map([...composition.stores].map(([name, store]) => [name, watched(store)]))
  const context = { ...composition.api, gateway: { ...composition.gateway, stores } }
  app = await buildServer(context, { version: '0', logLevel: 'silent' })
})
afterAll(async () => {
  await app.close()
  await world.stop()
})

function watched(store: Store): Store {
  return new Proxy(store, {
    get(target, name: keyof Store) {
      const member = target[name]
      if (typeof member !== 'function') return member
      return (...given: unknown[]) => {
        if (name === 'query') statements.push(given[0] as Statement)
        return Reflect.apply(member, target, given)
      }
    },
  })
}

/** The questions' statements of one request; those that look at tables are made without a caller. */
async function statementsOf(url: string, payload: object, headers: Record<string, string> = {}): Promise<Statement[]> {
  statements.splice(0)
  const response = await app.inject({ method: 'POST', url, payload, headers })
  expect(response.statusCode).toBe(200)
  return statements.filter(({ text }) => /ticket|snack/.test(text) && !text.includes('information_schema'))
}

const QUESTION = { metrics: ['takings'], time: { range: ['2026-11-18', '2026-11-20'] } }
const DOCUMENT = { query: '{ box_office(time: {range: "2026-11-20"}) { rows { takings } } }' }
const COMMENT = / \/\* traceparent='00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})' \*\/$/
const traceOf = ({ text }: Statement) => COMMENT.exec(text)?.slice(1) ?? []

describe("a caller's trace", () => {
  it.each([
    ['/v1/query', QUESTION],
    ['/graphql', DOCUMENT],
  ])('reaches every statement of %s, with a span of our own', async (url, payload) => {
    const sent = await statementsOf(url, payload, { traceparent: `00-${TRACE}-${SPAN}-01` })
    expect(sent.length).toBeGreaterThan(0)
    for (const [trace, span, flags] of sent.map(traceOf)) {
      expect([trace, flags]).toEqual([TRACE, '01'])
      expect(span).not.toBe(SPAN)
    }
  })

  it('is seen by PostgreSQL itself', async () => {
    const headers = { traceparent: `00-${TRACE.replace('0a', 'fe')}-${SPAN}-00` }
    await world.door.send({ url: '/v1/query', body: { ...QUESTION, metrics: ['snacks'] }, headers })
    const look = await openStore('look', world.url)
    const text = "select query from pg_stat_activity where query like '%snack_sale%' and pid <> pg_backend_pid()"
    const { rows } = await look.query({ dialect: 'postgres', text, params: [] })
    await look.close()
    expect(rows.map(([query]) => String(query)).join('\n')).toContain(
      "traceparent='00-fef7651916cd43dd8448eb211c80319c-",
    )
  })

  it.each([
    ['none', undefined],
    ['an end of the comment', `00-${TRACE}-${SPAN}-01*/ ${MARK}`],
    ['an end of the text', `00-${TRACE}-${SPAN}-01' ${MARK}`],
    ['another version', `ff-${TRACE}-${SPAN}-01`],
    ['capital letters', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['a trace too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a line more', `00-${TRACE}-${SPAN}-01\t`],
    ['words', MARK],
  ])('that is %s gives way to a new one', async (_, traceparent) => {
    const sent = await statementsOf('/v1/query', QUESTION, traceparent === undefined ? {} : { traceparent })
    const traces = new Set(sent.map((each) => traceOf(each)[0]))
    expect([...traces]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)])
    expect(traces).not.toContain(TRACE)
    expect(sent.filter(({ text }) => text.includes(MARK))).toEqual([])
  })
})

describe('nothing else of what a caller writes', () => {
  it.each([`*/ ${MARK} /*`, `00-${TRACE}-${SPAN}-01' ${MARK}`, ''])(
    'stands in a statement, whatever a door hands on as a trace (%s)',
    async (trace) => {
      const { gateway } = world.door.composition.api
      const stores = new Map([...gateway.stores].map(([name, store]) => [name, watched(store)]))
      statements.splice(0)
      await answer(readQuestion(QUESTION), OPEN_CALLER, { ...gateway, stores }, { trace })
      expect(statements.length).toBeGreaterThan(0)
      expect(statements.filter(({ text }) => text.includes('/*') || text.includes(MARK))).toEqual([])
    },
  )

  it('stands in a statement: values are bound, and headers are not ours to tell', async () => {
    const headers = {
      traceparent: `00-${TRACE}-${SPAN}-01`,
      tracestate: `vendor=${MARK}`,
      baggage: `user=${MARK}`,
      'x-request-id': MARK,
      'user-agent': MARK,
      referer: `http://localhost/${MARK}`,
    }
    const filters = [
      { field: 'film', op: 'in', values: [MARK, `'; drop table ${MARK}; --`, `*/ ${MARK} /*`] },
      { field: 'film.title', op: 'contains', values: [`%${MARK}_`] },
    ]
    const metrics = [{ metric: 'takings', as: MARK }]
    const having = [{ field: MARK, op: 'gt', values: [1] }]
    const sent = await statementsOf('/v1/query', { ...QUESTION, metrics, filters, having }, headers)
    expect(sent.length).toBeGreaterThan(0)
    expect(sent.map(({ text }) => text).filter((text) => text.includes(MARK))).toEqual([])
    expect(sent.every(({ params }) => params.some((each) => String(each).includes(MARK)))).toBe(true)
    const document = `query ${MARK} { ${MARK}: box_office(time: {range: "2026-11-20"}, where: {film: {key: {eq: "${MARK}"}}})
      { rows { ${MARK}: takings } } } # ${MARK}`
    const asked = await statementsOf('/graphql', { query: document, operationName: MARK }, headers)
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.map(({ text }) => text).filter((text) => text.includes(MARK))).toEqual([])
  })
})
