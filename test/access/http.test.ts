import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../src/stores/open.ts'
import type { Store } from '../../src/stores/port.ts'
import type { Reply } from './door.ts'
import { tenantKey } from './keyring.ts'
import { openWorld, PLENTY, type World } from './world.ts'

let world: World
/** Another connection to the stores, to write behind the gateway's back. */
let beside: Store
beforeAll(async () => {
  world = await openWorld(PLENTY)
  beside = await openStore('beside', world.url)
})
afterAll(async () => {
  await beside.close()
  await world.stop()
})

const FINAL = { metrics: ['tickets', 'takings'], dimensions: ['film'], time: { range: '2026-11-18' } }
const LIVE = { metrics: ['tickets'], time: { range: '2026-11-20' } }
const post = (question: object, headers: Record<string, string> = {}, parameters = ''): Promise<Reply> =>
  world.door.send({ url: `/v1/query${parameters}`, body: question, headers })
const get = (question: unknown, headers: Record<string, string> = {}, parameters = ''): Promise<Reply> => {
  const q = typeof question === 'string' ? question : JSON.stringify(question)
  return world.door.send({ url: `/v1/query?q=${encodeURIComponent(q)}${parameters}`, headers })
}
const etagOf = ({ headers }: Reply): string => String(headers.etag)

describe('a question in the address', () => {
  it.each(['records', 'rows', 'columns'])('is answered as the one in a body, in %s', async (shape) => {
    const [posted, got] = [await post(FINAL, {}, `?shape=${shape}`), await get(FINAL, {}, `&shape=${shape}`)]
    const { receipt: _, ...answer } = posted.body
    const { receipt: __, ...same } = got.body
    expect([posted.status, got.status, same, etagOf(got)]).toEqual([200, 200, answer, etagOf(posted)])
    expect(posted.body.rows).not.toEqual([])
    const headers = ['content-type', 'vary', 'cache-control']
    expect(headers.map((name) => got.headers[name])).toEqual(headers.map((name) => posted.headers[name]))
  })

  it.each([
    ['{"metrics":["tikets"]}', 'UNKNOWN_METRIC', '/q/metrics/0'],
    ['{"metrics":[]}', 'INVALID_QUESTION', '/q/metrics'],
    ['{"metrics":["tickets"],"limits":1}', 'UNKNOWN_KEY', '/q/limits'],
    ['{"metrics":', 'MALFORMED_JSON', '/q'],
    ['', 'INVALID_REQUEST', '/q'],
  ])('that is %s is refused as %s at %s', async (text, code, pointer) => {
    const { status, body } = await get(text)
    expect([status, body.code, body.errors[0]?.pointer]).toEqual([400, code, pointer])
  })
})

describe('an ETag', () => {
  it.each([
    ['final', FINAL],
    ['live', LIVE],
  ])('is of a %s answer and not of its receipt, whoever computes it', async (_, question) => {
    const [first, again] = [await post(question), await post(question)]
    const other = await world.open()
    const there = await other.send({ url: '/v1/query', body: question })
    expect([etagOf(again), etagOf(there)]).toEqual([etagOf(first), etagOf(first)])
    expect(there.body.receipt.queryId).not.toBe(first.body.receipt.queryId)
    expect(etagOf(first)).toMatch(/^"[\w-]{10,}"$/)
  })

  it('differs by shape, by figures, and by whose figures they are', async () => {
    const shapes = await Promise.all(['records', 'rows', 'columns'].map((shape) => post(FINAL, {}, `?shape=${shape}`)))
    const other = await post({ ...FINAL, time: { range: '2026-11-17' }, metrics: ['takings'] })
    const credential = await tenantKey(world.door, 1)
    const own = await world.door.send({ url: '/v1/query', body: FINAL, credential })
    expect(new Set([...shapes, other, own].map(etagOf)).size).toBe(5)
  })

  it('is answered with 304 and nothing else when the caller has it, on POST and on GET', async () => {
    const etag = etagOf(await post(FINAL))
    const had = ['*', etag, `W/${etag}`, `"other", ${etag}`, `${etag},"other"`]
    for (const header of had) {
      for (const reply of [
        await post(FINAL, { 'if-none-match': header }),
        await get(FINAL, { 'if-none-match': header }),
      ]) {
        expect([header, reply.status, reply.text, etagOf(reply)]).toEqual([header, 304, '', etag])
        const told = ['cache-control', 'vary', 'cache-status', 'x-request-id'].filter((name) => !reply.headers[name])
        expect(told).toEqual([])
      }
    }
    for (const header of ['"other"', etag.slice(1, -1), `"${etag}"`, etag.replace('-records', '-rows'), '']) {
      const reply = await get(FINAL, { 'if-none-match': header })
      expect([header, reply.status]).toEqual([header, 200])
    }
  })

  it('changes with the figures', async () => {
    const before = await post(LIVE)
    await beside.execute(`insert into ticket_event values ('2026-11-20 09:30+08', 1, 'dune', 'matinee', false, 10)`)
    await pause(1100)
    const after = await post(LIVE, { 'if-none-match': etagOf(before) })
    expect([after.status, after.body.rows[0].tickets]).toEqual([200, before.body.rows[0].tickets + 1])
    expect(etagOf(after)).not.toBe(etagOf(before))
  })

  it('is not given to a refusal, nor is a refusal kept', async () => {
    const { status, headers } = await post({ metrics: ['nothing'] }, { 'if-none-match': '*' })
    expect([status, headers.etag, headers['cache-control']]).toEqual([400, undefined, undefined])
  })
})
