import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { contentsOf } from './control.ts'
import { makeKey, revoke, tenantKey } from './keyring.ts'
import { FIRST_KEY, openWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterEach(() => {
  vi.useRealTimers()
})
afterAll(() => world.stop())

const statusOf = async (key: string): Promise<number> => (await world.door.get('/v1/metrics', key)).status
const listed = async (parameters = '') => (await world.door.get(`/v1/keys${parameters}`, FIRST_KEY)).body
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

describe('a key', () => {
  it('is shown once and kept as its hash alone', async () => {
    const { id, key, prefix } = await makeKey(world.door, { name: 'shown once' })
    expect(key).toMatch(/^osk_[0-9a-f]{12}_[\w-]{43}$/)
    expect([prefix, key.startsWith(`${prefix}_`), prefix.endsWith(id)]).toEqual([`osk_${id}`, true, true])
    expect(await statusOf(key)).toBe(200)
    const contents = await contentsOf(world.url)
    expect(contents.get('oneservice.api_key')).toContain(sha256(key))
    const secret = key.slice(prefix.length + 1)
    expect([...contents].filter(([, text]) => text.includes(secret))).toEqual([])
    const shown = JSON.stringify(await listed())
    expect(shown).toContain(prefix)
    expect([secret, sha256(key), sha256(secret)].filter((each) => shown.includes(each))).toEqual([])
  })

  it('is listed as it was made', async () => {
    const wanted = {
      name: '票房 panel',
      role: 'tenant',
      tenant: { cinema: [2, '1'], film: ['dune'] },
      contract: { rate: { perSecond: 5, burst: 20 } },
      expiresAt: '2099-01-01T08:00:00+08:00',
    }
    const { id, prefix } = await makeKey(world.door, wanted)
    const [newest] = (await listed('?limit=1')).keys
    expect(newest).toEqual({
      ...wanted,
      id,
      prefix,
      tenant: { cinema: ['2', '1'], film: ['dune'] },
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      expiresAt: '2099-01-01T00:00:00.000Z',
      revokedAt: null,
    })
  })

  it('is another with one character changed, and nothing in part', async () => {
    const { key, id } = await makeKey(world.door)
    const other = (character: string) => (character === 'A' ? 'B' : 'A')
    const changed = [...key].map((c, i) => `${key.slice(0, i)}${other(c)}${key.slice(i + 1)}`)
    const parts = [key.slice(0, -1), `${key}A`, key.toUpperCase(), key.slice(4), `osk_${id}`, id, sha256(key)]
    for (const wrong of [...changed, ...parts]) expect([wrong, await statusOf(wrong)]).toEqual([wrong, 401])
    expect(await statusOf(key)).toBe(200)
  })

  it('is shown as Bearer, or as the password of a browser', async () => {
    const { key } = await makeKey(world.door)
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
    const shown = [`Bearer ${key}`, `bearer  ${key}`, basic(`anyone:${key}`), basic(`:${key}`)]
    const wrong = [key, '', 'Bearer', `Bearer ${key} ${key}`, `Token ${key}`, basic(key), basic(`${key}:`), 'Basic !']
    const told = (authorization: string) => world.door.send({ url: '/v1/metrics', headers: { authorization } })
    expect((await Promise.all(shown.map(told))).map(({ status }) => status)).toEqual([200, 200, 200, 200])
    for (const each of wrong) expect([each, (await told(each)).status]).toEqual([each, 401])
  })
})

describe('a key ends', () => {
  it('when it is revoked, at once, and stays in the list', async () => {
    const { id, key } = await makeKey(world.door)
    expect(await statusOf(key)).toBe(200)
    expect(await revoke(world.door, id)).toBe(200)
    expect(await statusOf(key)).toBe(401)
    const [before] = (await listed('?limit=1')).keys
    expect(before).toMatchObject({ id, revokedAt: expect.stringMatching(/Z$/) })
    expect(await revoke(world.door, id)).toBe(200)
    expect((await listed('?limit=1')).keys).toEqual([before])
  })

  it('without a word of which: revoked, wrong and unknown are told alike', async () => {
    const { id, key } = await makeKey(world.door)
    await revoke(world.door, id)
    const told = await Promise.all(
      [key, `osk_${id}_${'x'.repeat(43)}`, `osk_0123456789ab_${'x'.repeat(43)}`, 'wrong'].map(async (each) => {
        const { status, body } = await world.door.get('/v1/metrics', each)
        return { status, ...body, requestId: '' }
      }),
    )
    for (const each of told) expect(each).toEqual(told[0])
  })

  it('at its moment, to the millisecond', async () => {
    const end = Date.parse('2030-05-01T00:00:00Z')
    const { key } = await makeKey(world.door, { expiresAt: '2030-05-01T02:00:00+02:00' })
    vi.useFakeTimers({ toFake: ['Date'], now: end - 1 })
    expect(await statusOf(key)).toBe(200)
    vi.setSystemTime(end)
    expect(await statusOf(key)).toBe(401)
  })
})

describe('the list of keys', () => {
  it('comes in pages, newest first, each key once', async () => {
    const made: string[] = []
    for (let i = 0; i < 5; i++) made.push((await makeKey(world.door, { name: `page ${i}` })).id)
    const whole: string[] = (await listed('?limit=1000')).keys.map(({ id }: { id: string }) => id)
    expect(whole.slice(0, 5)).toEqual(made.toReversed())
    const walked: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { keys, nextCursor } = await listed(`?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
      expect(keys.length).toBeLessThanOrEqual(2)
      walked.push(...keys.map(({ id }: { id: string }) => id))
      cursor = nextCursor
    }
    expect(walked).toEqual(whole)
    expect((await listed(`?limit=${whole.length}`)).nextCursor).toBeNull()
  })

  it.each([
    ['?limit=0', '/limit'],
    ['?limit=1001', '/limit'],
    ['?limit=some', '/limit'],
    ['?cursor=osk_0123456789ab', '/cursor'],
    ["?cursor=' or true", '/cursor'],
    ['?cursor=0123456789ab', '/cursor'],
    ['?page=2', '/page'],
  ])('is not given for %s', async (parameters, pointer) => {
    const { status, body } = await world.door.get(`/v1/keys${parameters}`, FIRST_KEY)
    expect([status, body.errors?.[0]?.pointer]).toEqual([400, pointer])
  })
})

describe('revoking', () => {
  it('asks for an id that there is', async () => {
    expect(await revoke(world.door, '0123456789ab')).toBe(404)
    expect(await revoke(world.door, "' or true")).toBe(404)
    expect(await revoke(world.door, 'jti:')).toBe(404)
    expect(await revoke(world.door, 'sub:somebody that nobody has seen')).toBe(200)
  })

  it('of one key leaves the others', async () => {
    const [one, other] = [await makeKey(world.door), await tenantKey(world.door, 1)]
    await revoke(world.door, one.id)
    expect([await statusOf(one.key), await statusOf(other)]).toEqual([401, 200])
  })
})
