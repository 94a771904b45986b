import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/base/clock.ts'
import { Fault } from '../../src/base/faults.ts'
import { readConfig } from '../../src/config.ts'
import { type TokenHolder, Tokens } from '../../src/control/tokens.ts'
import { type Claims, type Provider, type SigningKey, signed, signingKey, startProvider } from './provider.ts'

let signing: SigningKey
let provider: Provider
beforeAll(async () => {
  signing = await signingKey('one', 'ES256')
  provider = await startProvider([signing])
})
afterAll(() => provider.stop())

/** What a token of these claims means to a gateway that is told this of claims; the code where it is refused. */
async function rightsOf(told: object | undefined, claims: Claims): Promise<Partial<TokenHolder> | string | undefined> {
  const mapped: Record<string, string> = told === undefined ? {} : { ONESERVICE_JWT_CLAIMS: JSON.stringify(told) }
  const { tokens: config } = readConfig({ ...provider.environment, ...mapped }, '', '')
  if (config === undefined) throw new Error('the gateway takes tokens')
  const tokens = new Tokens(config, systemClock, async () => false)
  try {
    const holder = await tokens.verify(await signed(signing, { role: undefined, ...claims }))
    return holder && { role: holder.role, tenant: holder.tenant }
  } catch (error) {
    if (error instanceof Fault) return error.code
    throw error
  }
}

const free = (role: string) => ({ role, tenant: undefined })

describe('a role', () => {
  it.each([
    ['of its own name', undefined, { role: 'analyst' }, free('analyst')],
    ['of its own name', undefined, { role: 'service' }, free('service')],
    ['that is not there', undefined, {}, 'FORBIDDEN'],
    ['that is null', undefined, { role: null }, 'FORBIDDEN'],
    ['that nobody knows', undefined, { role: 'wizard' }, 'FORBIDDEN'],
    ['that is a number', undefined, { role: 1 }, 'FORBIDDEN'],
    ['that is true', undefined, { role: true }, 'FORBIDDEN'],
    ['that is an object', undefined, { role: { analyst: true } }, 'FORBIDDEN'],
    ['that every object has', undefined, { role: 'constructor' }, 'FORBIDDEN'],
    ['in other letters', undefined, { role: 'Analyst' }, 'FORBIDDEN'],
    ['of an admin, by default', undefined, { role: 'admin' }, 'FORBIDDEN'],
    ['of an admin and an analyst, by default', undefined, { role: ['admin', 'analyst'] }, free('analyst')],
    ['of an admin where one is named', { roles: { boss: 'admin' } }, { role: 'boss' }, free('admin')],
    ['of an admin by our name where another is named', { roles: { boss: 'admin' } }, { role: 'admin' }, 'FORBIDDEN'],
    ['of several, the least', undefined, { role: ['analyst', 'service'] }, free('service')],
    ['of several, some unknown', undefined, { role: ['wizard', 'analyst', 7] }, free('analyst')],
    [
      'of an admin and less',
      { roles: { boss: 'admin', desk: 'service' } },
      { role: ['boss', 'desk'] },
      free('service'),
    ],
    ['of none of several', undefined, { role: [] }, 'FORBIDDEN'],
    ['inside a claim', { role: 'realm.role' }, { realm: { role: 'analyst' } }, free('analyst')],
    ['inside a claim inside a claim', { role: 'a.b.c' }, { a: { b: { c: ['service'] } } }, free('service')],
    [
      'of a name with dots',
      { role: 'https://x.example/role' },
      { 'https://x.example/role': 'analyst' },
      free('analyst'),
    ],
    ['not inside, though named so', { role: 'realm.role' }, { realm: 'analyst' }, 'FORBIDDEN'],
    ['elsewhere', { role: 'realm.role' }, { role: 'analyst' }, 'FORBIDDEN'],
    ['renamed', { roles: { staff: 'analyst' } }, { role: 'staff' }, free('analyst')],
    ['renamed, by its old name', { roles: { staff: 'analyst' } }, { role: 'analyst' }, 'FORBIDDEN'],
  ] as const)('%s (%j, %j)', async (_, told, claims, rights) => {
    expect(await rightsOf(told, claims)).toEqual(rights)
  })
})

describe('a tenant', () => {
  const MAP = { tenant: { cinema: 'cinemas' } }
  const tenant = (cinema: readonly string[]) => ({ role: 'tenant', tenant: { cinema } })
  it.each([
    ['of one value', MAP, { role: 'tenant', cinemas: 1 }, tenant(['1'])],
    ['of a text', MAP, { role: 'tenant', cinemas: '1' }, tenant(['1'])],
    ['of several', MAP, { role: 'tenant', cinemas: [1, '2'] }, tenant(['1', '2'])],
    ['of none', MAP, { role: 'tenant', cinemas: [] }, tenant([])],
    ['of what is no key', MAP, { role: 'tenant', cinemas: { all: true } }, tenant([])],
    ['of everything', MAP, { role: 'tenant', cinemas: true }, tenant([])],
    ['of fractions and beyond 2^53', MAP, { role: 'tenant', cinemas: [1.5, 2 ** 53] }, tenant([])],
    ['without the claim', MAP, { role: 'tenant' }, 'FORBIDDEN'],
    ['with null for the claim', MAP, { role: 'tenant', cinemas: null }, 'FORBIDDEN'],
    ['where no claim is named', undefined, { role: 'tenant', cinemas: 1 }, 'FORBIDDEN'],
    ['renamed', { ...MAP, roles: { shop: 'tenant' } }, { role: 'shop', cinemas: 1 }, tenant(['1'])],
    [
      'of two dimensions, one missing',
      { tenant: { cinema: 'cinemas', film: 'films' } },
      { role: 'tenant', cinemas: 1 },
      'FORBIDDEN',
    ],
    ['inside a claim', { tenant: { cinema: 'org.cinema' } }, { role: 'tenant', org: { cinema: 4 } }, tenant(['4'])],
  ] as const)('%s (%j, %j)', async (_, told, claims, rights) => {
    expect(await rightsOf(told, claims)).toEqual(rights)
  })

  it('binds an analyst that names one, and forbids an admin that does', async () => {
    const roles = { analyst: 'analyst', boss: 'admin' }
    const bound = { role: 'analyst', tenant: { cinema: ['1'] } }
    expect(await rightsOf({ ...MAP, roles }, { role: 'analyst', cinemas: 1 })).toEqual(bound)
    expect(await rightsOf({ ...MAP, roles }, { role: 'analyst' })).toEqual(free('analyst'))
    expect(await rightsOf({ ...MAP, roles }, { role: 'boss', cinemas: 1 })).toBe('FORBIDDEN')
  })
})
