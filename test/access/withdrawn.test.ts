import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { Fault } from '../../src/base/faults.ts'
import { DEFAULT_CLAIMS, Tokens } from '../../src/control/tokens.ts'
import { AUDIENCE, ISSUER, type Provider, type SigningKey, signed, signingKey, startProvider } from './provider.ts'

/** How a provider may be away. */
const BROKEN: Readonly<Record<string, NonNullable<Provider['broken']>>> = {
  'hangs up': (response) => void response.destroy(),
  fails: (response) => void response.writeHead(500).end('{"keys":[]}'),
  'says something else': (response) => void response.end('<html>'),
  'gives no keys': (response) => void response.end('{"keys":1}'),
  'sends elsewhere': (response) => void response.writeHead(302, { location: '/other' }).end(),
}
const START = Date.parse('2026-11-20T00:00:00Z')
let signing: SigningKey
let next: SigningKey
let provider: Provider
let tokens: Tokens

beforeAll(async () => {
  signing = await signingKey('one', 'ES256')
  next = await signingKey('two', 'ES256')
  provider = await startProvider([signing])
})
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START })
  provider.keys = [signing.published]
  const config = { jwksUrl: provider.url, issuer: ISSUER, audience: AUDIENCE, claims: DEFAULT_CLAIMS }
  tokens = new Tokens(config, systemClock, async () => false)
})
afterEach(() => {
  vi.useRealTimers()
  provider.broken = undefined
})
afterAll(() => provider.stop())

/** Lets so many seconds have passed since the start. */
const at = (seconds: number): void => void vi.setSystemTime(START + seconds * 1000)
const isTaken = async (token: string): Promise<boolean> => (await tokens.verify(token)) !== undefined

async function codeOf(token: string): Promise<string> {
  try {
    return (await isTaken(token)) ? 'taken' : 'refused'
  } catch (error) {
    if (error instanceof Fault) return error.code
    throw error
  }
}

describe('a signing key that its provider withdraws', () => {
  it('is taken no more a minute after its token was last checked', async () => {
    const token = await signed(signing)
    expect(await isTaken(token)).toBe(true)
    provider.keys = [next.published]
    at(59)
    expect(await isTaken(token)).toBe(true)
    at(61)
    expect(await isTaken(token)).toBe(false)
    expect(await isTaken(await signed(signing, { jti: 'made since' }))).toBe(false)
    expect(await isTaken(await signed(next))).toBe(true)
  })

  it('is taken for a minute at most, whatever was shown in between', async () => {
    expect(await isTaken(await signed(signing))).toBe(true)
    provider.keys = [next.published]
    at(50)
    const late = await signed(signing, { jti: 'shown at 50 s' })
    await isTaken(late)
    at(61)
    expect(await isTaken(late)).toBe(false)
  })

  it('gives way at once to a new one that nobody has seen', async () => {
    expect(await isTaken(await signed(signing))).toBe(true)
    provider.keys = [signing.published, next.published]
    at(6)
    expect(await isTaken(await signed(next))).toBe(true)
  })
})

describe('a token', () => {
  it('ends at its moment, though its signature was checked before', async () => {
    const token = await signed(signing, { exp: START / 1000 + 30 })
    at(29.999)
    expect(await isTaken(token)).toBe(true)
    at(30)
    expect(await isTaken(token)).toBe(false)
  })

  it('begins at its moment', async () => {
    const token = await signed(signing, { nbf: START / 1000 + 30 })
    at(29)
    expect(await isTaken(token)).toBe(false)
    at(30)
    expect(await isTaken(token)).toBe(true)
  })
})

describe('a provider that is away', () => {
  it.each(Object.entries(BROKEN))('and %s is not taken for one that knows no such key', async (_, broken) => {
    provider.broken = broken
    expect(await codeOf(await signed(signing))).toBe('IDENTITY_DOWN')
    provider.broken = undefined
    expect(await codeOf(await signed(signing))).toBe('taken')
  })

  it('leaves tokens in force that were checked in the last minute', async () => {
    const known = await signed(signing)
    expect(await codeOf(known)).toBe('taken')
    provider.broken = (response) => void response.destroy()
    at(59)
    expect(await codeOf(known)).toBe('taken')
    expect(await codeOf(await signed(next))).toBe('IDENTITY_DOWN')
    expect(await codeOf('a.b.c')).toBe('refused')
  })

  it('and back again is believed again', async () => {
    const known = await signed(signing)
    expect(await codeOf(known)).toBe('taken')
    provider.broken = (response) => void response.destroy()
    at(121)
    expect(await codeOf(known)).toBe('IDENTITY_DOWN')
    provider.broken = undefined
    expect(await codeOf(known)).toBe('taken')
  })

  it('is not asked for each token of a key that it does not have', async () => {
    const stranger = await signingKey('three', 'ES256')
    expect(await codeOf(await signed(signing))).toBe('taken')
    const before = provider.asked
    at(10)
    for (let i = 0; i < 20; i++) expect(await codeOf(await signed(stranger, { jti: String(i) }))).toBe('refused')
    expect(provider.asked - before).toBe(1)
  })
})
