import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Reply } from './door.ts'
import { FIRST_KEY, openWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.stop())

const GOOD = { name: 'a key', role: 'analyst' }
const TENANT = { name: 'a key', role: 'tenant' }
const make = (body: unknown): Promise<Reply> => world.door.send({ url: '/v1/keys', credential: FIRST_KEY, body })

/** `status code pointer`, of the first thing that is wrong. */
async function refusalOf(body: unknown): Promise<string> {
  const { status, body: told } = await make(body)
  return [status, told.code, told.errors?.[0]?.pointer].join(' ')
}

describe('a tenant', () => {
  it.each([
    ['a dimension that is not there', { cinma: [1] }, '400 UNKNOWN_DIMENSION /tenant/cinma'],
    ['an attribute', { 'cinema.name': ['Astra'] }, '400 UNKNOWN_DIMENSION /tenant/cinema.name'],
    ['a dimension of true and false', { member: ['true'] }, '400 UNKNOWN_DIMENSION /tenant/member'],
    ['a name that a pointer writes otherwise', { 'a/b~c': [1] }, '400 UNKNOWN_DIMENSION /tenant/a~1b~0c'],
    ['a text for an integer', { cinema: [1, 'one'] }, '400 INVALID_VALUE /tenant/cinema/1'],
    ['a fraction for an integer', { cinema: [1.5] }, '400 INVALID_VALUE /tenant/cinema/0'],
    ['an integer beyond the store', { cinema: ['9223372036854775808'] }, '400 INVALID_VALUE /tenant/cinema/0'],
    ['an integer for a text', { film: [7] }, '400 INVALID_VALUE /tenant/film/0'],
    ['a text that no store holds', { film: ['a\u0000b'] }, '400 INVALID_VALUE /tenant/film/0'],
    ['half a character', { film: ['a\ud800'] }, '400 INVALID_VALUE /tenant/film/0'],
    ['null', { cinema: [null] }, '400 INVALID_REQUEST /tenant/cinema/0'],
    ['one value and no list', { cinema: 1 }, '400 INVALID_REQUEST /tenant/cinema'],
    ['no value', { cinema: [] }, '400 INVALID_REQUEST /tenant/cinema'],
    ['too many values', { cinema: Array.from({ length: 1001 }, (_, i) => i) }, '400 INVALID_REQUEST /tenant/cinema'],
    ['no dimension', {}, '400 INVALID_REQUEST /tenant'],
    ['a list', [1], '400 INVALID_REQUEST /tenant'],
    ['nothing', undefined, '400 INVALID_REQUEST /tenant'],
    ['dimensions that no source carries both', { paygrade: ['a'], cinema: [1] }, '422 NOT_ANSWERABLE /tenant'],
  ])('is not %s', async (_, tenant, refusal) => {
    expect(await refusalOf({ ...TENANT, tenant })).toBe(refusal)
  })

  it('is looked up in the catalog, which suggests what is near', async () => {
    const { body } = await make({ ...TENANT, tenant: { cinma: [1] } })
    expect(body.errors[0]).toMatchObject({ message: expect.stringContaining('"cinema"'), suggestions: ['cinema'] })
  })

  it('is not advised to name what it has just named', async () => {
    const { body } = await make({ ...TENANT, tenant: { member: ['true'] } })
    expect(body.errors[0].suggestions).not.toContain('member')
  })

  it('may also bind a service or an analyst, never an admin', async () => {
    const tenant = { cinema: [1, '9007199254740993'] }
    for (const role of ['tenant', 'service', 'analyst']) {
      const { key } = (await make({ ...TENANT, role, tenant })).body
      expect((await world.door.get('/v1/metrics/wages', key)).status).toBe(404)
    }
    expect(await refusalOf({ ...TENANT, role: 'admin', tenant })).toBe('400 INVALID_REQUEST /tenant')
  })
})

describe('a key is not made with', () => {
  it.each([
    ['no name', { role: 'analyst' }, '400 INVALID_REQUEST /name'],
    ['an empty name', { ...GOOD, name: '' }, '400 INVALID_REQUEST /name'],
    ['a name too long', { ...GOOD, name: 'x'.repeat(201) }, '400 INVALID_REQUEST /name'],
    ['a name that no store holds', { ...GOOD, name: 'a\u0000b' }, '400 INVALID_REQUEST /name'],
    ['no role', { name: 'a key' }, '400 INVALID_REQUEST /role'],
    ['a role that is none', { ...GOOD, role: 'root' }, '400 INVALID_REQUEST /role'],
    ['the role of who shows no key', { ...GOOD, role: 'open' }, '400 INVALID_REQUEST /role'],
    ['an id of its own', { ...GOOD, id: '0123456789ab' }, '400 UNKNOWN_KEY /id'],
    ['a field that is not known', { ...GOOD, expires: '2099-01-01' }, '400 UNKNOWN_KEY /expires'],
    ['a contract of something else', { ...GOOD, contract: { rat: 1 } }, '400 UNKNOWN_KEY /contract/rat'],
    ['a rate of nothing', { ...GOOD, contract: { rate: {} } }, '400 INVALID_REQUEST /contract/rate/perSecond'],
    ['a rate of 0', { ...GOOD, contract: { rate: { perSecond: 0 } } }, '400 INVALID_REQUEST /contract/rate/perSecond'],
    [
      'a burst of 0',
      { ...GOOD, contract: { rate: { perSecond: 1, burst: 0 } } },
      '400 INVALID_REQUEST /contract/rate/burst',
    ],
    ['an end that has passed', { ...GOOD, expiresAt: '2020-01-01T00:00:00Z' }, '400 INVALID_VALUE /expiresAt'],
    ['an end that is a day', { ...GOOD, expiresAt: '2099-01-01' }, '400 INVALID_REQUEST /expiresAt'],
    ['an end in no zone', { ...GOOD, expiresAt: '2099-01-01T00:00:00' }, '400 INVALID_REQUEST /expiresAt'],
    ['an end on no day', { ...GOOD, expiresAt: '2099-02-30T00:00:00Z' }, '400 INVALID_REQUEST /expiresAt'],
    ['a list', [GOOD], '400 INVALID_REQUEST '],
    ['something that is no JSON', '{"name":', '400 MALFORMED_JSON '],
  ])('%s', async (_, body, refusal) => {
    expect((await refusalOf(body)).replace(/ $/, '')).toBe(refusal.replace(/ $/, ''))
  })

  it('several wrong things, and every place is told', async () => {
    const { body } = await make({ name: '', role: 'root', colour: 'red', contract: { rate: { perSecond: -1 } } })
    const pointers = body.errors.map(({ pointer }: { pointer: string }) => pointer)
    expect(pointers.toSorted()).toEqual(['/colour', '/contract/rate/perSecond', '/name', '/role'])
  })
})

describe('an end in any zone that ISO 8601 writes', () => {
  it.each(['Z', '+08:00', '-12:00', '+14:00', '+23:00', '-23:59'])('%s', async (zone) => {
    const { status, body } = await make({ ...GOOD, expiresAt: `2099-01-01T00:00:00${zone}` })
    expect([status, body.code]).toEqual([200, undefined])
    const { keys } = (await world.door.get('/v1/keys?limit=1', FIRST_KEY)).body
    expect(Date.parse(keys[0].expiresAt)).toBe(Date.parse(`2099-01-01T00:00:00${zone}`))
  })
})

describe('the API document', () => {
  it('names every status that making a key answers with', async () => {
    const { paths } = (await world.door.get('/openapi.json', FIRST_KEY)).body
    const bodies = [GOOD, '{', { ...TENANT, tenant: { paygrade: ['a'], cinema: [1] } }]
    const statuses = await Promise.all(bodies.map(async (body) => String((await make(body)).status)))
    expect(Object.keys(paths['/v1/keys'].post.responses)).toEqual(expect.arrayContaining(statuses))
  })
})
