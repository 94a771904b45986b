import { once } from 'node:events'
import { createServer } from 'node:http'
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

export const ISSUER = 'https://id.example.com'
export const AUDIENCE = 'oneservice'

/** An identity provider on loopback: it gives its keys out at `url`, and signs whatever it is asked to. */
export interface Provider {
  readonly url: string
  /** A token as it should be, unless told otherwise; `exp` is in five minutes. */
  sign(claims: JWTPayload, how?: Signing): Promise<string>
  /** The public keys as they are given out. */
  keys: object[]
  /** Ends it: nobody answers at its address any more. */
  stop(): Promise<void>
}

export interface Signing {
  readonly algorithm?: 'RS256' | 'ES256' | 'EdDSA'
  readonly issuer?: string
  readonly audience?: string
  readonly expires?: string | number | null
  readonly notBefore?: string
  readonly subject?: string | null
  readonly keyId?: string
  readonly header?: Readonly<Record<string, unknown>>
  /** Instead of the provider's own. */
  readonly key?: CryptoKey | Uint8Array
}

export async function startProvider(): Promise<Provider> {
  const algorithms = ['RS256', 'ES256', 'EdDSA'] as const
  const pairs = new Map<string, CryptoKey>()
  const keys: object[] = []
  for (const algorithm of algorithms) {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true })
    pairs.set(algorithm, privateKey)
    keys.push({ ...(await exportJWK(publicKey)), kid: `key-${algorithm}`, alg: algorithm, use: 'sig' })
  }
  const provider = { keys }
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: provider.keys }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return Object.assign(provider, {
    url: `http://127.0.0.1:${address.port}/jwks.json`,
    async sign(claims: JWTPayload, how: Signing = {}): Promise<string> {
      const { algorithm = 'RS256', issuer = ISSUER, audience = AUDIENCE, expires = '5m', subject = 'someone' } = how
      const header = { alg: algorithm, kid: how.keyId ?? `key-${algorithm}`, ...how.header }
      const token = new SignJWT(claims).setProtectedHeader(header).setIssuedAt().setIssuer(issuer).setAudience(audience)
      if (expires !== null) token.setExpirationTime(expires)
      if (subject !== null) token.setSubject(subject)
      if (how.notBefore !== undefined) token.setNotBefore(how.notBefore)
      const key = how.key ?? pairs.get(algorithm)
      if (key === undefined) throw new Error(`no key for ${algorithm}`)
      return token.sign(key)
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}

/** What a gateway needs to take the provider's tokens. */
export function tokenVariables({ url }: Pick<Provider, 'url'>): Record<string, string> {
  return {
    ONESERVICE_JWKS_URL: url,
    ONESERVICE_JWT_ISSUER: ISSUER,
    ONESERVICE_JWT_AUDIENCE: AUDIENCE,
    ONESERVICE_JWT_CLAIMS: JSON.stringify({
      role: 'access.role',
      roles: { merchant: 'tenant', board: 'service', staff: 'analyst', root: 'admin' },
      tenant: { advertiser: 'advertiser_id' },
    }),
  }
}
