import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeKey } from './keyring.ts'
import { type Provider, signed, signingKey, startProvider } from './provider.ts'
import { openWorld, PLENTY, type World } from './world.ts'

let provider: Provider
let world: World
/** How a caller is bound -> what it shows. */
const bound = new Map<string, string>()

beforeAll(async () => {
  const signing = await signingKey('one', 'ES256')
  provider = await startProvider([signing])
  const claims = { tenant: { cinema: 'cinemas' } }
  world = await openWorld({ ...PLENTY, ...provider.environment, ONESERVICE_JWT_CLAIMS: JSON.stringify(claims) })
  const token = (cinemas: unknown, role = 'tenant') => signed(signing, { sub: `bound ${cinemas}`, role, cinemas })
  const key = async (cinemas: unknown, role = 'tenant') =>
    (await makeKey(world.door, { role, tenant: { cinema: cinemas } })).key
  bound.set('a token of 1', await token(1))
  bound.set('a key of 1', await key([1]))
  bound.set('an analyst token of 1', await token('1', 'analyst'))
  bound.set('an analyst key of 1', await key(['1'], 'analyst'))
  bound.set('a token of 1 and 4', await token([1, '4']))
  bound.set('a token of none', await token([]))
  bound.set('a token of what is no cinema', await token(['one', { all: true }, null]))
  bound.set('a token of a cinema without rows', await token(3))
})
afterAll(async () => {
  await world.stop()
  await provider.stop()
})

const DAY = { time: { range: '2026-11-18' } }
const ask = async (question: object, caller: string): Promise<unknown> => {
  const { status, body } = await world.door.ask({ metrics: ['tickets'], ...DAY, ...question }, bound.get(caller))
  expect([status, body.detail]).toEqual([200, undefined])
  return body.rows
}
const compare = (op: string, ...values: unknown[]) => ({ field: 'cinema', op, values })

describe('a caller sees its own rows', () => {
  // A cinema sells as many tickets a day as its number says.
  it.each([
    ['a token of 1', 1],
    ['a key of 1', 1],
    ['an analyst token of 1', 1],
    ['an analyst key of 1', 1],
    ['a token of 1 and 4', 5],
    ['a token of none', 0],
    ['a token of what is no cinema', 0],
    ['a token of a cinema without rows', 0],
  ])('%s', async (caller, tickets) => {
    expect(await ask({}, caller)).toEqual([[tickets, 'final']])
    const live = await ask({ metrics: ['tickets', 'snacks'], time: { range: '2026-11-20' } }, caller)
    expect(live).toEqual([[tickets, tickets, 'provisional']])
    const document = '{ box_office(time: {range: "2026-11-18"}) { rows { tickets } totals { tickets } } }'
    const { body } = await world.door.graphql(document, bound.get(caller))
    expect(body.data.box_office).toEqual({ rows: [{ tickets }], totals: { tickets } })
  })

  it('and nothing in the list of what can stand in a filter is of others', async () => {
    const values = async (dimension: string, caller: string) => {
      const { body } = await world.door.get(`/v1/dimensions/${dimension}/values`, bound.get(caller))
      return body.values.map(({ value }: { value: unknown }) => value)
    }
    expect(await values('cinema', 'a token of 1')).toEqual([1])
    expect(await values('film', 'a token of 1 and 4')).toEqual(['dune', 'nova', 'solaris'])
    expect(await values('film', 'a token of 1')).toEqual(['dune'])
    expect(await values('film', 'a token of none')).toEqual([])
  })
})

describe('no question widens it', () => {
  it.each([
    ['another cinema', { filters: [compare('eq', 4)] }, 0],
    ['its own and others', { filters: [compare('in', 1, 2, 4)] }, 1],
    ['all others', { filters: [compare('ne', 1)] }, 0],
    ['none or others', { filters: [{ or: [compare('eq', 1), compare('gt', 1), compare('isNull')] }] }, 1],
    ['not its own', { filters: [{ not: compare('eq', 1) }] }, 0],
    ['everything, said in a roundabout way', { filters: [{ not: { and: [compare('eq', 1), compare('eq', 2)] } }] }, 1],
    ['another by its name', { filters: [{ field: 'cinema.name', op: 'in', values: ['Odeon', 'Astra'] }] }, 1],
    ['a text that would end the condition', { filters: [{ field: 'film', op: 'ne', values: ["') or (true"] }] }, 1],
  ])('by asking for %s', async (_, question, tickets) => {
    for (const caller of ['a token of 1', 'a key of 1'])
      expect(await ask(question, caller)).toEqual([[tickets, 'final']])
  })

  it('by grouping, totals, names or order', async () => {
    const question = { dimensions: ['cinema', 'cinema.name'], order: [{ field: 'tickets', direction: 'desc' }] }
    for (const caller of ['a token of 1', 'a key of 1'])
      expect(await ask(question, caller)).toEqual([[1, 'Astra', 1, 'final']])
    const { body } = await world.door.ask({ metrics: ['tickets'], ...DAY, totals: true }, bound.get('a token of 1'))
    expect(body.totals).toEqual([{ tickets: 1, finality: 'final' }])
  })

  it('by what another asked just before', async () => {
    const question = { metrics: ['takings'], time: { range: '2026-11-17' } }
    expect((await world.door.ask(question)).body.rows).toEqual([[70, 'final']])
    expect(await ask(question, 'a token of 1')).toEqual([[10, 'final']])
    expect(await ask(question, 'a token of 1 and 4')).toEqual([[50, 'final']])
    expect((await world.door.ask(question)).body.rows).toEqual([[70, 'final']])
  })

  it('by a header or a parameter of its own', async () => {
    const headers = { 'x-tenant': '4', 'x-oneservice-role': 'admin', 'x-forwarded-user': 'root' }
    const body = { metrics: ['tickets'], ...DAY }
    const credential = bound.get('a token of 1')
    const told = await world.door.send({ url: '/v1/query?shape=rows', body, headers, credential })
    expect(told.body.rows).toEqual([[1, 'final']])
    const more = await world.door.send({ url: '/v1/query?shape=rows&cinema=4', body, credential })
    expect([more.status, more.body.code]).toEqual([400, 'UNKNOWN_KEY'])
  })
})

describe('the proof', () => {
  it('stands in every statement that explain shows, and names its values alone', async () => {
    const body = { metrics: ['tickets', 'takings'], dimensions: ['film'], time: { range: 'last 3 days and today' } }
    const told = await world.door.send({ url: '/v1/explain', body, credential: bound.get('a token of 1 and 4') })
    expect(told.body.statements.length).toBeGreaterThan(1)
    for (const { scope, text } of told.body.statements) {
      expect(scope).toEqual([{ dimension: 'cinema', condition: expect.any(String), values: ['1', '4'] }])
      expect(text).toContain(scope[0].condition)
    }
  })
})
