import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Reply } from './door.ts'
import { forgeries } from './forged.ts'
import { revoke } from './keyring.ts'
import { AUDIENCE, ISSUER, type Provider, type SigningKey, signed, signingKey, startProvider } from './provider.ts'
import { openWorld, type World } from './world.ts'

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const
const SHARED = Buffer.alloc(32, 7)
const signing = new Map<string, SigningKey>()
let trap: Provider
let provider: Provider
let world: World

beforeAll(async () => {
  for (const alg of ALGORITHMS) signing.set(alg, await signingKey(`of ${alg}`, alg))
  trap = await startProvider([])
  provider = await startProvider([...signing.values()])
  // A provider that publishes a secret by mistake: everybody can sign with it.
  const shared = { kty: 'oct', kid: 'shared', alg: 'HS256', k: SHARED.toString('base64url') }
  provider.keys = [...provider.keys, shared]
  const claims = { tenant: { cinema: 'cinema' } }
  world = await openWorld({ ...provider.environment, ONESERVICE_JWT_CLAIMS: JSON.stringify(claims) })
})
afterAll(async () => {
  await world.stop()
  await provider.stop()
  await trap.stop()
})

const keyOf = (alg: string): SigningKey => {
  const key = signing.get(alg)
  if (key === undefined) throw new Error(`no key of ${alg}`)
  return key
}
const QUESTION = { metrics: ['tickets'], time: { range: '2026-11-18' } }
const ask = (token: string): Promise<Reply> => world.door.ask(QUESTION, token)
const statusOf = async (token: string): Promise<number> => (await ask(token)).status

describe('a token is taken', () => {
  it.each(ALGORITHMS)('signed by %s', async (alg) => {
    const { status, body } = await ask(await signed(keyOf(alg)))
    expect([status, body.rows]).toEqual([200, [[7, 'final']]])
  })

  it.each([
    ['among other audiences', { aud: ['another-service', AUDIENCE] }],
    ['without iat and jti', { iat: undefined }],
    ['that began a second ago', { nbf: Math.floor(Date.now() / 1000) - 1 }],
  ])('%s', async (_, claims) => {
    expect(await statusOf(await signed(keyOf('ES256'), claims))).toBe(200)
  })

  it('without a kid where one key alone fits', async () => {
    expect(await statusOf(await signed(keyOf('ES256'), {}, { kid: undefined }))).toBe(200)
  })

  it('over both doors, and as the password of a browser', async () => {
    const token = await signed(keyOf('ES256'))
    const basic = `Basic ${Buffer.from(`ada:${token}`).toString('base64')}`
    const told = await Promise.all([
      world.door.graphql('{ metrics { name } }', token),
      world.door.send({ url: '/openapi.json', headers: { authorization: basic } }),
    ])
    expect(told.map(({ status }) => status)).toEqual([200, 200])
  })

  it('and limited by its role and subject, whichever token shows it', async () => {
    const left = async (claims: object): Promise<unknown> =>
      (await ask(await signed(keyOf('ES256'), { ...claims }))).headers.ratelimit
    const tenant = { sub: 'grace', role: 'tenant', cinema: 1 }
    expect(await left({ ...tenant, jti: 'a' })).toBe('"caller";r=39;t=1')
    expect(await left({ ...tenant, jti: 'b' })).toMatch(/^"caller";r=3[89];/)
    expect(await left({ ...tenant, sub: 'hopper' })).toBe('"caller";r=39;t=1')
    expect(await left({ sub: 'grace' })).toMatch(/^"caller";r=9\d;/)
  })
})

describe('a token is refused', () => {
  it('when it is forged, spoilt, over or meant for another', async () => {
    const all = await forgeries(keyOf('ES256'), keyOf('RS256'), trap.url)
    const statuses: Record<string, number> = {}
    for (const [name, token] of Object.entries(all)) statuses[name] = await statusOf(token)
    expect(statuses).toEqual(Object.fromEntries(Object.keys(all).map((name) => [name, 401])))
    expect(Object.keys(all).length).toBeGreaterThan(40)
  })

  it('without asking an address that it names itself', () => {
    expect(trap.asked).toBe(0)
  })

  it('when it is signed by a secret that the provider has published', async () => {
    const claims = { iss: ISSUER, aud: AUDIENCE, sub: 'eve', role: 'analyst' }
    const token = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'shared' }).setExpirationTime('1h')
    expect(await statusOf(await token.sign(SHARED))).toBe(401)
  })

  it('with one bit of it changed, wherever that is', async () => {
    const token = await signed(keyOf('EdDSA'), { role: 'analyst' })
    const other = (c: string): string => (c === 'A' ? 'B' : 'A')
    // The last character of a signature holds bits that mean nothing.
    const last = token.length - 1
    const places = Array.from({ length: last }, (_, i) => i).filter((i) => token[i] !== '.')
    for (const i of places) {
      const changed = `${token.slice(0, i)}${other(token[i] ?? '')}${token.slice(i + 1)}`
      expect([i, await statusOf(changed)]).toEqual([i, 401])
    }
    expect(await statusOf(token)).toBe(200)
  })

  it('by a gateway that takes none', async () => {
    const door = await world.open({
      ONESERVICE_JWKS_URL: '',
      ONESERVICE_JWT_ISSUER: '',
      ONESERVICE_JWT_AUDIENCE: '',
      ONESERVICE_JWT_CLAIMS: '',
    })
    expect((await door.ask(QUESTION, await signed(keyOf('ES256')))).status).toBe(401)
  })
})

describe('a token ends', () => {
  it('when its id is revoked, and the others of its subject go on', async () => {
    const [token, other] = [
      await signed(keyOf('ES256'), { sub: 'lin', jti: 'token-1' }),
      await signed(keyOf('ES256'), { sub: 'lin', jti: 'token-2' }),
    ]
    expect([await statusOf(token), await statusOf(other)]).toEqual([200, 200])
    expect(await revoke(world.door, 'jti:token-1')).toBe(200)
    expect([await statusOf(token), await statusOf(other)]).toEqual([401, 200])
  })

  it('when its id is revoked, though it says it was issued later', async () => {
    expect(await revoke(world.door, 'jti:token-3')).toBe(200)
    const iat = Math.floor(Date.now() / 1000) + 1000
    expect(await statusOf(await signed(keyOf('ES256'), { jti: 'token-3', iat }))).toBe(401)
  })

  it.each(['mei', 'auth0|5f7/8 票', '*'])('when its subject (%s) is, until it is given a later one', async (sub) => {
    const now = Math.floor(Date.now() / 1000)
    const token = await signed(keyOf('RS256'), { sub, iat: now - 10 })
    const undated = await signed(keyOf('RS256'), { sub, iat: undefined })
    const later = await signed(keyOf('RS256'), { sub, iat: now + 10 })
    const other = await signed(keyOf('RS256'), { sub: `${sub}2`, iat: now - 10 })
    const statuses = async () => [await statusOf(token), await statusOf(undated), await statusOf(later)]
    expect(await statuses()).toEqual([200, 200, 200])
    expect(await revoke(world.door, `sub:${sub}`)).toBe(200)
    expect(await statuses()).toEqual([401, 401, 200])
    expect(await statusOf(other)).toBe(200)
  })
})

describe('a provider that is away', () => {
  it('is told as such, and known tokens go on', async () => {
    const known = await signed(keyOf('ES256'))
    expect(await statusOf(known)).toBe(200)
    provider.broken = (response) => void response.destroy()
    // Another gateway has never read the keys.
    const door = await world.open()
    const { status, body } = await door.ask(QUESTION, known)
    expect([status, body.code]).toEqual([503, 'IDENTITY_DOWN'])
    expect(JSON.stringify(body)).not.toContain('127.0.0.1')
    expect((await door.graphql('{ __typename }', known)).status).toBe(503)
    expect((await door.ask(QUESTION)).status).toBe(200)
    expect(await statusOf(known)).toBe(200)
    provider.broken = undefined
    expect((await door.ask(QUESTION, known)).status).toBe(200)
  })
})
