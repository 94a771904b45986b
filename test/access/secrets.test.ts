import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeKey, revoke, tenantKey } from './keyring.ts'
import { type Provider, signed, signingKey, startProvider } from './provider.ts'
import { type Spawned, spawnGateway } from './spawned.ts'
import { FIRST_KEY, openWorld, type World } from './world.ts'

const MARK = 'a-mark-that-a-caller-wrote'
let world: World
let provider: Provider
let said = ''
/** What was shown as a credential -> how it may be recognised. */
const secrets = new Map<string, string>()

/** A gateway that logs all it can is asked rightly and wrongly, and ended. */
beforeAll(async () => {
  const signing = await signingKey('one', 'ES256')
  provider = await startProvider([signing])
  world = await openWorld(provider.environment)
  const revoked = await makeKey(world.door)
  await revoke(world.door, revoked.id)
  const credentials = {
    'the first key': FIRST_KEY,
    'a key': (await makeKey(world.door)).key,
    "a tenant's key": await tenantKey(world.door, 1),
    'a revoked key': revoked.key,
    'a wrong key': `osk_0123456789ab_${'wrong-secret-'.repeat(4).slice(0, 43)}`,
    'a token': await signed(signing),
    'a forged token': await signed(await signingKey('one', 'ES256')),
    'a token of no role': await signed(signing, { role: 'wizard' }),
  }
  const gateway = await spawnGateway({ ...world.environment, ONESERVICE_LOG: 'debug' })
  for (const [name, credential] of Object.entries(credentials)) {
    secrets.set(name, credential)
    await knock(gateway, credential)
  }
  await breakThings(gateway, credentials['a key'], await signed(signing, { jti: 'late' }))
  await gateway.stop()
  said = gateway.said()
})
afterAll(async () => {
  await world.stop()
  await provider.stop()
})

/** Shows a credential in every way, rightly and not, at every kind of door. */
async function knock({ url }: Spawned, credential: string): Promise<void> {
  const basic = Buffer.from(`anyone:${credential}`).toString('base64')
  secrets.set(`${credential.slice(0, 20)} as a password`, basic)
  const json = { 'content-type': 'application/json' }
  const body = JSON.stringify({ metrics: ['tickets'], filters: [{ field: 'film', op: 'eq', values: [MARK] }] })
  const query = JSON.stringify({ query: `{ box_office(where: {film: {key: {eq: "${MARK}"}}}) { rows { tickets } } }` })
  for (const authorization of [`Bearer ${credential}`, `Basic ${basic}`, `Token ${credential}`, credential]) {
    const headers = { ...json, authorization, cookie: `session=${credential}` }
    await fetch(`${url}/v1/query`, { method: 'POST', headers, body })
    await fetch(`${url}/v1/query`, { method: 'POST', headers, body: `{"${MARK}` })
    await fetch(`${url}/graphql`, { method: 'POST', headers, body: query })
    await fetch(`${url}/v1/keys`, { headers })
    await fetch(`${url}/${MARK}?key=${credential}`, { headers })
  }
  const admin = { authorization: `Bearer ${FIRST_KEY}` }
  await fetch(`${url}/v1/keys/${credential}`, { method: 'DELETE', headers: admin })
  const made = await fetch(`${url}/v1/keys`, {
    method: 'POST',
    headers: { ...json, ...admin },
    body: JSON.stringify({ name: MARK, role: 'analyst' }),
  })
  const { key } = (await made.json()) as { key: string }
  secrets.set(`made after ${secrets.size}`, key)
}

/** What is written to the log as an error: a store that refuses, a provider that is away. */
async function breakThings({ url }: Spawned, key: string, unknown: string): Promise<void> {
  await world.door.composition.stores.get('realtime')?.execute('alter table snack_sale rename cinema_id to moved')
  const body = JSON.stringify({ metrics: ['snacks'], dimensions: ['cinema'] })
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
  const refused = await fetch(`${url}/v1/query`, { method: 'POST', headers, body })
  secrets.set('a token while the provider is away', unknown)
  provider.broken = (response) => void response.writeHead(500).end(unknown)
  const away = await signed(await signingKey('another', 'ES256'))
  secrets.set('a token of an unknown key', away)
  await fetch(`${url}/v1/query`, { headers: { authorization: `Bearer ${away}` } })
  expect(refused.status).toBe(502)
}

describe('a log of everything', () => {
  it('names who asked, and what broke', () => {
    expect(said).toMatch(/"caller":"key:[0-9a-f]{12}"/)
    expect(said).toMatch(/"caller":"token:https:\/\/id\.cinemas\.example ada"/)
    expect(said).toMatch(/"status":401/)
    expect(said).toContain('"code":"STORE_FAILED"')
    expect(secrets.size).toBeGreaterThan(20)
  })

  it('holds no credential, whole or in its secret part', () => {
    const partsOf = (secret: string): string[] => [
      secret,
      ...(secret.startsWith('osk_') ? [secret.slice(17)] : []),
      ...(secret.split('.').length === 3 ? secret.split('.').slice(1) : []),
    ]
    const told = [...secrets].filter(([, secret]) => partsOf(secret).some((part) => said.includes(part)))
    expect(told.map(([name]) => name)).toEqual([])
  })

  it("holds no password of a store, and no caller's text", () => {
    expect(world.url).toContain('tester:secret@')
    expect(said).not.toContain('secret@')
    expect(said).not.toContain(MARK)
  })
})
