import { once } from 'node:events'
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

const ISSUER = 'https://id.harbour.example'
const AUDIENCE = 'oneservice'

/** An identity provider on loopback. */
export interface Provider {
  /** What a gateway needs to be told of it. */
  readonly environment: Readonly<Record<string, string>>
  /** A token of an analyst. */
  token(id: string, subject: string): Promise<string>
  stop(): Promise<void>
}

/** Starts a provider with one signing key. */
export async function startProvider(): Promise<Provider> {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }] })
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(keys)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    environment: {
      ONESERVICE_JWKS_URL: `http://127.0.0.1:${port}/keys`,
      ONESERVICE_JWT_ISSUER: ISSUER,
      ONESERVICE_JWT_AUDIENCE: AUDIENCE,
    },
    token: (id, subject) =>
      new SignJWT({ role: 'analyst' })
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(subject)
        .setJti(id)
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey),
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
