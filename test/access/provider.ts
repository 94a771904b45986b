import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'

/** Who issues the tokens, as gateways are told. */
export const ISSUER = 'https://id.cinemas.example'
/** Whom they are for. */
export const AUDIENCE = 'oneservice'

/** A key pair of a provider: what it signs with, and what it publishes. */
export interface SigningKey {
  readonly kid: string
  readonly alg: string
  readonly secret: CryptoKey
  readonly published: JWK
}

/** Claims beside those that every token bears; undefined takes one away. */
export type Claims = Readonly<Record<string, unknown>>

/** An identity provider on loopback. Its set of keys may change, and it may be away. */
export interface Provider {
  readonly url: string
  /** What a gateway is told of it. */
  readonly environment: Readonly<Record<string, string>>
  /** The published set. */
  keys: readonly JWK[]
  /** How it answers instead, while it is broken. */
  broken: ((response: ServerResponse) => void) | undefined
  /** How often it was asked. */
  readonly asked: number
  stop(): Promise<void>
}

/** Starts a provider that publishes these keys. */
export async function startProvider(keys: readonly SigningKey[]): Promise<Provider> {
  const state = { keys: keys.map(({ published }) => published) as readonly JWK[], asked: 0 }
  let broken: Provider['broken']
  const server = createServer((_, response) => {
    state.asked++
    if (broken !== undefined) broken(response)
    else response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: state.keys }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/keys`
  return {
    url,
    environment: {
      ONESERVICE_JWKS_URL: url,
      ONESERVICE_JWT_ISSUER: ISSUER,
      ONESERVICE_JWT_AUDIENCE: AUDIENCE,
    },
    get keys() {
      return state.keys
    },
    set keys(next) {
      state.keys = next
    },
    get broken() {
      return broken
    },
    set broken(how) {
      broken = how
    },
    get asked() {
      return state.asked
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Makes a key pair of an algorithm. */
export async function signingKey(kid: string, alg: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  return { kid, alg, secret: privateKey, published: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

/** A token that is good for an hour, but for what `claims` and `header` change. */
export function signed({ kid, alg, secret }: SigningKey, claims: Claims = {}, header: Claims = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const all = { iss: ISSUER, aud: AUDIENCE, sub: 'ada', role: 'analyst', iat: now, exp: now + 3600, ...claims }
  const payload = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as JWTPayload
  const told = { alg, kid, ...header }
  const protectedHeader = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
  const { crit } = header
  const critical = Array.isArray(crit) ? { crit: Object.fromEntries(crit.map((name) => [String(name), true])) } : {}
  return new SignJWT(payload).setProtectedHeader({ alg, ...protectedHeader }).sign(secret, critical)
}
