import { hash } from 'node:crypto'
import {
  createRemoteJWKSet,
  errors,
  type JWKSCacheInput,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwksCache,
  jwtVerify,
} from 'jose'
import { LRUCache } from 'lru-cache'
import type { Clock } from '../base/clock.ts'
import { Fault } from '../base/faults.ts'
import type { KeyRole, Tenant } from './keys.ts'

/** Where tokens come from and what their claims mean here. */
export interface TokenConfig {
  readonly jwksUrl: string
  readonly issuer: string
  readonly audience: string
  readonly claims: ClaimMap
}

/** Claims by path, `a.b` for a claim inside another. */
export interface ClaimMap {
  /** The claim that holds the role, a text or several. */
  readonly role: string
  /** What the provider calls a role -> ours. Nobody is an admin by a token unless this says so. */
  readonly roles: Readonly<Record<string, KeyRole>>
  /** Dimension -> the claim that holds its key or keys. */
  readonly tenant: Readonly<Record<string, string>>
}

export const DEFAULT_CLAIMS: ClaimMap = {
  role: 'role',
  roles: { analyst: 'analyst', service: 'service', tenant: 'tenant' },
  tenant: {},
}

/** Who a token speaks for. */
export interface TokenHolder {
  readonly issuer: string
  readonly subject: string
  readonly role: KeyRole
  readonly tenant: Tenant | undefined
}

/** Asks whether tokens of these ids, issued at this moment in milliseconds, are refused. */
export type IsRevoked = (ids: readonly string[], issuedAt: number) => Promise<boolean>

/** Signatures that only the holder of a private key can make: what everyone may verify, nobody else may forge. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
/** How long a provider's keys are kept, and all that they verified with them: one withdrawn is taken so long at most. */
const KEYS_LIFE_MS = 60_000
const TIMEOUT_MS = 3000
const MOST_VERIFIED = 20_000
/** From the least that a role may to the most. */
const LEAST_FIRST: readonly KeyRole[] = ['tenant', 'service', 'analyst', 'admin']

interface Verified {
  readonly holder: TokenHolder
  readonly ids: readonly string[]
  readonly issuedAt: number
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  /** When the signature is checked again, so that a withdrawn key is noticed. */
  readonly checkAt: number
}

/** Verifies tokens of one provider. A signature is checked when its provider's keys are read anew, the end and the revocation each time. */
export class Tokens {
  readonly #config: TokenConfig
  readonly #keys: JWTVerifyGetKey
  /** The provider's keys as they were last read, and when. */
  readonly #read: JWKSCacheInput = {}
  readonly #clock: Clock
  readonly #isRevoked: IsRevoked
  readonly #verified = new LRUCache<string, Verified>({ max: MOST_VERIFIED })

  constructor(config: TokenConfig, clock: Clock, isRevoked: IsRevoked) {
    this.#config = config
    this.#clock = clock
    this.#isRevoked = isRevoked
    const options = {
      cacheMaxAge: KEYS_LIFE_MS,
      cooldownDuration: 5000,
      timeoutDuration: TIMEOUT_MS,
      [jwksCache]: this.#read,
    }
    this.#keys = createRemoteJWKSet(new URL(config.jwksUrl), options)
  }

  /**
   * Who a token speaks for; undefined when it can't be trusted. Faults: FORBIDDEN when it is genuine and its claims give
   * no role or no tenant here, IDENTITY_DOWN when the provider's keys can't be read.
   */
  async verify(token: string): Promise<TokenHolder | undefined> {
    const digest = hash('sha256', token, 'base64url')
    const now = this.#clock()
    const known = this.#verified.get(digest)
    const verified = known !== undefined && now < known.checkAt ? known : await this.#check(token, now)
    if (verified === undefined || now >= verified.expiresAt) return undefined
    if (await this.#isRevoked(verified.ids, verified.issuedAt)) return undefined
    this.#verified.set(digest, verified)
    return verified.holder
  }

  async #check(token: string, now: number): Promise<Verified | undefined> {
    const payload = await this.#payload(token, now)
    if (payload === undefined) return undefined
    const { iss = '', sub = '', jti, iat, exp = 0 } = payload
    return {
      holder: { issuer: iss, subject: sub, ...rightsOf(payload, this.#config.claims) },
      ids: [`sub:${sub}`, ...(jti === undefined ? [] : [`jti:${jti}`])],
      issuedAt: iat === undefined ? Number.NEGATIVE_INFINITY : iat * 1000,
      expiresAt: exp * 1000,
      checkAt: (this.#read.uat ?? now) + KEYS_LIFE_MS,
    }
  }

  async #payload(token: string, now: number): Promise<JWTPayload | undefined> {
    const { issuer, audience } = this.#config
    try {
      const { payload } = await jwtVerify(token, this.#keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(now),
      })
      // Nobody in particular can neither be limited nor revoked.
      return typeof payload.sub === 'string' && payload.sub !== '' ? payload : undefined
    } catch (error) {
      if (isAway(error))
        throw new Fault('IDENTITY_DOWN', 'The keys of the identity provider can not be read now.', { cause: error })
      return undefined
    }
  }
}

/** Everything that is not about the token itself: the provider did not answer, or not with keys. */
function isAway(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true
  return error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === 'ERR_JOSE_GENERIC'
}

function rightsOf(payload: JWTPayload, { role, roles, tenant }: ClaimMap): Pick<TokenHolder, 'role' | 'tenant'> {
  const told = listOf(claimAt(payload, role)).flatMap((name) => (Object.hasOwn(roles, name) ? [roles[name]] : []))
  const least = LEAST_FIRST.find((each) => told.includes(each))
  if (least === undefined) throw new Fault('FORBIDDEN', `The token's claim "${role}" names no role that is known here.`)
  const bound: [string, readonly string[]][] = []
  for (const [dimension, path] of Object.entries(tenant)) {
    const claim = claimAt(payload, path)
    if (claim !== undefined) bound.push([dimension, listOf(claim)])
    else if (least === 'tenant')
      throw new Fault('FORBIDDEN', `The token lacks the claim "${path}", which names its ${dimension}.`)
  }
  if (least === 'tenant' && bound.length === 0) {
    throw new Fault('FORBIDDEN', 'Tokens of tenants are not bound to a dimension here (ONESERVICE_JWT_CLAIMS).')
  }
  // An admin is not bound to a tenant: what would bind it refuses it.
  if (least === 'admin' && bound.length > 0) throw new Fault('FORBIDDEN', 'A token of an admin names a tenant.')
  return { role: least, tenant: bound.length === 0 ? undefined : Object.fromEntries(bound) }
}

function claimAt(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path] ?? undefined
  let at: unknown = payload
  for (const part of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined
    at = (at as Record<string, unknown>)[part]
  }
  return at ?? undefined
}

/** One text or number, or several; anything else is nothing, which binds to no rows. */
function listOf(claim: unknown): string[] {
  const values: readonly unknown[] = Array.isArray(claim) ? claim : [claim]
  return values.flatMap((value) => (typeof value === 'string' || Number.isSafeInteger(value) ? [String(value)] : []))
}
