import { createHmac, createPublicKey, KeyObject, sign } from 'node:crypto'
import { decodeProtectedHeader, exportJWK, exportSPKI, importJWK } from 'jose'
import { type SigningKey, signed, signingKey } from './provider.ts'

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token with another header or payload and the signature it had. */
function altered(token: string, change: { header?: object; payload?: object }): string {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const read = (part: string): object => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  return [
    encode({ ...read(header), ...change.header }),
    encode({ ...read(payload), ...change.payload }),
    signature,
  ].join('.')
}

/** A token of this key whose header no library would write, signed rightly. */
function resigned({ secret }: SigningKey, token: string, change: object): string {
  const [header = '', payload = ''] = altered(token, { header: change }).split('.')
  const head = `${header}.${payload}`
  const signature = sign('sha256', Buffer.from(head), { key: KeyObject.from(secret), dsaEncoding: 'ieee-p1363' })
  return `${head}.${signature.toString('base64url')}`
}

/** Signed by a secret that everybody knows. */
function macced(token: string, secret: string): string {
  const [, payload = ''] = token.split('.')
  const head = `${encode({ ...decodeProtectedHeader(token), alg: 'HS256' })}.${payload}`
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`
}

/**
 * What somebody may show who holds no key of the provider, and what the provider has not meant for us: by what is wrong
 * with it. `trap` is an address of his own; he signs with a key of his own under our key's id.
 */
export async function forgeries(ours: SigningKey, rsa: SigningKey, trap: string): Promise<Record<string, string>> {
  const theirs = await signingKey(ours.kid, ours.alg)
  const publicKey = await importJWK(rsa.published, rsa.alg, { extractable: true })
  if (publicKey instanceof Uint8Array) throw new Error('a public key is no bytes')
  const pem = await exportSPKI(publicKey)
  const der = createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('latin1')
  const good = await signed(ours)
  const goodRsa = await signed(rsa)
  const [header = '', payload = '', signature = ''] = good.split('.')
  const now = Math.floor(Date.now() / 1000)
  const none = encode({ alg: 'none', kid: ours.kid })
  const their = await exportJWK(theirs.secret)
  const { d: _, ...theirPublic } = their
  return {
    'alg none without a signature': `${none}.${payload}.`,
    'alg none with the signature it had': `${none}.${payload}.${signature}`,
    'alg NonE': `${encode({ alg: 'NonE', kid: ours.kid })}.${payload}.`,
    'no alg': `${encode({ kid: ours.kid })}.${payload}.${signature}`,
    'HS256 by the public key as PEM': macced(goodRsa, pem),
    'HS256 by the public key as PEM, trimmed': macced(goodRsa, pem.trim()),
    'HS256 by the public key as DER': macced(goodRsa, der),
    'HS256 by the public key as JWK': macced(goodRsa, JSON.stringify(rsa.published)),
    'HS256 by nothing': macced(goodRsa, ''),
    'another audience': await signed(ours, { aud: 'another-service' }),
    'other audiences': await signed(ours, { aud: ['another-service', 'oneservice-2'] }),
    'no audience': await signed(ours, { aud: undefined }),
    'another issuer': await signed(ours, { iss: 'https://id.cinemas.example/' }),
    'no issuer': await signed(ours, { iss: undefined }),
    expired: await signed(ours, { exp: now - 1 }),
    'not yet valid': await signed(ours, { nbf: now + 60 }),
    'no exp': await signed(ours, { exp: undefined }),
    'exp as a text': await signed(ours, { exp: String(now + 60) }),
    'no sub': await signed(ours, { sub: undefined }),
    'an empty sub': await signed(ours, { sub: '' }),
    'sub null': await signed(ours, { sub: null }),
    "another key under our key's id": await signed(theirs),
    'an unknown kid': await signed(theirs, {}, { kid: 'nobody' }),
    'another key and no kid': await signed(theirs, {}, { kid: undefined }),
    'a payload that was changed': altered(good, { payload: { role: 'admin', sub: 'eve' } }),
    'a header that was changed': altered(good, { header: { typ: 'at+jwt' } }),
    'a signature of zeros': `${header}.${payload}.${Buffer.alloc(64).toString('base64url')}`,
    'a signature cut short': good.slice(0, -4),
    'no signature': `${header}.${payload}.`,
    'the signature of another token': `${header}.${payload}.${(await signed(ours, { sub: 'eve' })).split('.')[2]}`,
    'a jwk in the header': await signed(theirs, {}, { jwk: theirPublic }),
    'a jwk in the header and no kid': await signed(theirs, {}, { jwk: theirPublic, kid: undefined }),
    'a jku in the header': await signed(theirs, {}, { jku: trap, kid: 'theirs' }),
    'an x5u in the header': await signed(theirs, {}, { x5u: trap, kid: 'theirs' }),
    'an x5c in the header': await signed(theirs, {}, { x5c: [Buffer.from(der, 'latin1').toString('base64')] }),
    'a header that is critical and unknown': await signed(ours, {}, { crit: ['x-mode'], 'x-mode': 'lenient' }),
    'a payload that is not encoded': resigned(ours, good, { crit: ['b64'], b64: false }),
    'an empty list of critical headers': resigned(ours, good, { crit: [] }),
    'critical headers that are not there': resigned(ours, good, { crit: ['x-mode'] }),
    'an algorithm of another key': altered(good, { header: { alg: 'RS256' } }),
    'garbage with two dots': 'a.b.c',
    'nothing but dots': '..',
    'a payload that is no JSON': `${header}.${Buffer.from('nothing').toString('base64url')}.${signature}`,
    'a header that is no JSON': `AAAA.${payload}.${signature}`,
    'four parts': `${good}.${signature}`,
    'two parts': `${header}.${payload}`,
    'a blank behind': `${good}=`,
  }
}
