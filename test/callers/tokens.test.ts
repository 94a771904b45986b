import { exportSPKI, generateKeyPair, importJWK } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_CLAIMS, Tokens } from '../../src/control/tokens.ts'
import { ADMIN_KEY, openShop, type Shop } from '../support/shop.ts'
import { AUDIENCE, ISSUER, type Provider, type Signing, startProvider, tokenVariables } from './provider.ts'

const STAFF = { access: { role: 'staff' } }
const QUESTION = { metrics: ['clicks'], dimensions: ['advertiser'], time: { range: ['2026-11-16', '2026-11-17'] } }

let provider: Provider
let shop: Shop

beforeAll(async () => {
  provider = await startProvider()
  shop = await openShop(tokenVariables(provider))
})

afterAll(async () => {
  await shop.stop()
  await provider.stop()
})

async function ask(token: string, question: object = QUESTION) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const payload = JSON.stringify(question)
  const response = await shop.app.inject({ method: 'POST', url: '/v1/query', headers, payload })
  return { status: response.statusCode, body: response.json() }
}

function revoke(id: string) {
  const headers = { authorization: `Bearer ${ADMIN_KEY}` }
  return shop.app.inject({ method: 'DELETE', url: `/v1/keys/${encodeURIComponent(id)}`, headers })
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const claims = () => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'someone',
  exp: Math.floor(Date.now() / 1000) + 300,
  ...STAFF,
})

describe('a token', () => {
  it.each(['RS256', 'ES256', 'EdDSA'] as const)('signed by %s is taken', async (algorithm) => {
    expect((await ask(await provider.sign(STAFF, { algorithm }))).status).toBe(200)
  })

  const WRONG: readonly (readonly [string, Signing])[] = [
    ['for another audience', { audience: 'another' }],
    ['of another issuer', { issuer: 'https://other.example.com' }],
    ['that has expired', { expires: Math.floor(Date.now() / 1000) - 10 }],
    ['that is not valid yet', { notBefore: '10m' }],
    ['that never expires', { expires: null }],
    ['of nobody', { subject: null }],
    ['of an unknown key', { keyId: 'key-of-another' }],
  ]
  it.each(WRONG)('%s is refused', async (_, how) => {
    expect((await ask(await provider.sign(STAFF, how))).status).toBe(401)
  })

  it('that nobody signed is refused', async () => {
    for (const alg of ['none', 'None', 'nOnE', '']) {
      expect((await ask(`${part({ alg, typ: 'JWT' })}.${part(claims())}.`)).status).toBe(401)
    }
  })

  it('signed by another key of the same name is refused', async () => {
    const { privateKey } = await generateKeyPair('RS256')
    expect((await ask(await provider.sign(STAFF, { key: privateKey }))).status).toBe(401)
  })

  it('signed with the public key as a secret is refused', async () => {
    const published = await importJWK(provider.keys[0] ?? {}, 'RS256', { extractable: true })
    if (published instanceof Uint8Array) throw new Error('a public key is no secret')
    const secret = new TextEncoder().encode(await exportSPKI(published))
    const token = await provider.sign(STAFF, { key: secret, header: { alg: 'HS256' } })
    expect((await ask(token)).status).toBe(401)
  })

  it('that brings or names a key of its own is refused', async () => {
    const { privateKey } = await generateKeyPair('RS256')
    const own = { kty: 'RSA', n: 'AQAB', e: 'AQAB' }
    for (const header of [{ jwk: own }, { jku: 'http://127.0.0.1:9/keys' }, { x5u: 'http://127.0.0.1:9/chain' }]) {
      expect((await ask(await provider.sign(STAFF, { key: privateKey, header }))).status).toBe(401)
    }
  })

  it('whose claims were changed is refused', async () => {
    const [head, , signature] = (await provider.sign(STAFF)).split('.')
    expect((await ask(`${head}.${part({ ...claims(), access: { role: 'root' } })}.${signature}`)).status).toBe(401)
    expect((await ask('a.b.c')).status).toBe(401)
  })

  it('is refused once it is revoked, one or all of a subject', async () => {
    const one = await provider.sign({ ...STAFF, jti: 'ticket-1' })
    const other = await provider.sign({ ...STAFF, jti: 'ticket-2' })
    expect((await ask(one)).status).toBe(200)
    expect((await revoke('jti:ticket-1')).statusCode).toBe(200)
    expect([(await ask(one)).status, (await ask(other)).status]).toEqual([401, 200])
    const leaver = await provider.sign(STAFF, { subject: 'leaver' })
    expect((await ask(leaver)).status).toBe(200)
    expect((await revoke('sub:leaver')).statusCode).toBe(200)
    expect([(await ask(leaver)).status, (await ask(other)).status]).toEqual([401, 200])
  })

  it('is refused a minute after its signing key was withdrawn', async () => {
    const clock = { now: Date.now() }
    const config = { jwksUrl: provider.url, issuer: ISSUER, audience: AUDIENCE, claims: DEFAULT_CLAIMS }
    const fresh = () =>
      new Tokens(
        config,
        () => clock.now,
        async () => false,
      )
    const token = await provider.sign({ role: 'analyst' })
    const tokens = fresh()
    expect(await tokens.verify(token)).toMatchObject({ role: 'analyst' })
    const { keys } = provider
    provider.keys = keys.slice(1)
    expect(await tokens.verify(token)).toBeDefined()
    expect(await fresh().verify(token)).toBeUndefined()
    provider.keys = keys
  })

  it('can not be checked while its provider is away: 503, and nobody is let in', async () => {
    const away = await startProvider()
    const config = { jwksUrl: away.url, issuer: ISSUER, audience: AUDIENCE, claims: DEFAULT_CLAIMS }
    const tokens = new Tokens(config, Date.now, async () => false)
    const token = await away.sign({ role: 'analyst' })
    await away.stop()
    await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'IDENTITY_DOWN', status: 503 })
  })
})

describe('the claims of a token', () => {
  it('give the least of the roles they name, and none for none', async () => {
    const list = await provider.sign({ access: { role: ['offline_access', 'root', 'staff'] } })
    const headers = { authorization: `Bearer ${list}` }
    expect((await shop.app.inject({ url: '/v1/metrics', headers })).statusCode).toBe(200)
    expect((await shop.app.inject({ url: '/v1/keys', headers })).statusCode).toBe(403)
    for (const role of ['guest', 7, null, undefined, 'constructor']) {
      expect((await ask(await provider.sign({ access: { role } }))).status).toBe(403)
    }
  })

  it('bind a tenant to its rows, whatever it asks', async () => {
    const merchant = { access: { role: 'merchant' } }
    const rows = async (advertiser_id: unknown, question?: object) => {
      const { status, body } = await ask(await provider.sign({ ...merchant, advertiser_id }), question)
      return status === 200 ? body.rows.map((row: { advertiser: number }) => row.advertiser) : status
    }
    expect(await rows(1)).toEqual([1])
    expect(await rows(['1', 2])).toEqual([1, 2])
    expect(await rows([])).toEqual([])
    expect(await rows({ any: true })).toEqual([])
    expect(await rows(undefined)).toBe(403)
    const wider = {
      or: [
        { field: 'advertiser', op: 'in', values: [1, 2, 9] },
        { field: 'advertiser', op: 'isNull' },
      ],
    }
    expect(await rows(2, { ...QUESTION, filters: [wider] })).toEqual([2])
  })
})
