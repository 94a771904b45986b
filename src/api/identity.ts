import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { Fault } from '../base/faults.ts'
import { type Soon, whenThere } from '../base/soon.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { checkFilterValues, normalizeValue } from '../catalog/filterValues.ts'
import { digestOf, type KeyRecord, type KeyRole, type Keys, type Tenant } from '../control/keys.ts'
import type { TokenHolder, Tokens } from '../control/tokens.ts'
import { ADMIN_CALLER, type Caller, OPEN_CALLER } from '../gateway/caller.ts'
import type { Rate } from '../gateway/limits/bucket.ts'
import type { Rates } from '../gateway/limits/rates.ts'
import type { ScopePredicate } from '../query/resolved.ts'

export interface IdentityContext {
  readonly keys: Keys
  /** undefined = tokens are not taken. */
  readonly tokens: Tokens | undefined
  /** Credentials of the environment that are an admin's. */
  readonly adminKeys: readonly string[]
  /** Reading needs no credential; only where the server listens on loopback alone. */
  readonly openReading: boolean
  readonly rates: Rates
  readonly catalog: () => Catalog
}

/** Knows callers by what they show. Whatever it can't tell for certain it refuses. */
export class Identity {
  readonly #context: IdentityContext
  readonly #open: Caller
  readonly #adminDigests: readonly Buffer[]
  /** Of the key or the holder, as long as that object is known: a Caller is made once. */
  readonly #callers = new WeakMap<object, { readonly catalog: Catalog; readonly caller: Caller }>()

  constructor(context: IdentityContext) {
    this.#context = context
    this.#adminDigests = context.adminKeys.map(digestOf)
    this.#open = { ...OPEN_CALLER, rate: context.rates.open }
  }

  /**
   * Who sends these headers; at once where no credential is needed. Faults: UNAUTHENTICATED for none where one is needed and for one that is not
   * in force, FORBIDDEN for one that is bound to nothing here, STORE_DOWN and IDENTITY_DOWN when it can't be known.
   */
  callerOf({ authorization, host }: Pick<IncomingHttpHeaders, 'authorization' | 'host'>): Soon<Caller> {
    if (authorization !== undefined) return this.#whoShows(authorization)
    if (this.#context.openReading && isOwnAddress(host)) return this.#open
    throw new Fault('UNAUTHENTICATED', 'Send a key: "Authorization: Bearer <key>".')
  }

  #whoShows(authorization: string): Soon<Caller> {
    const credential = /^Bearer +(\S{1,8000})$/i.exec(authorization)?.[1] ?? passwordOf(authorization)
    if (credential === undefined) throw notInForce()
    const digest = digestOf(credential)
    if (isOneOf(digest, this.#adminDigests)) return ADMIN_CALLER
    return whenThere(this.#context.keys.find(credential, digest), (key) => {
      return key === undefined ? this.#byToken(credential) : this.#callerFor(key, () => this.#ofKey(key))
    })
  }

  async #byToken(credential: string): Promise<Caller> {
    const { tokens } = this.#context
    const holder = credential.split('.').length === 3 ? await tokens?.verify(credential) : undefined
    if (holder === undefined) throw notInForce()
    return this.#callerFor(holder, () => this.#ofToken(holder))
  }

  #callerFor(of: object, make: () => Caller): Caller {
    const catalog = this.#context.catalog()
    const known = this.#callers.get(of)
    if (known?.catalog === catalog) return known.caller
    const caller = make()
    this.#callers.set(of, { catalog, caller })
    return caller
  }

  #ofKey({ id, role, tenant, contract: { rate } }: KeyRecord): Caller {
    const own = rate && { perSecond: rate.perSecond, burst: rate.burst ?? Math.max(1, Math.ceil(rate.perSecond)) }
    return this.#caller(`key:${id}`, role, tenant, own)
  }

  #ofToken({ issuer, subject, role, tenant }: TokenHolder): Caller {
    return this.#caller(`token:${issuer} ${subject}`, role, tenant, undefined)
  }

  #caller(id: string, role: KeyRole, tenant: Tenant | undefined, own: Rate | undefined): Caller {
    const scope = tenant === undefined ? [] : scopeOf(tenant, this.#context.catalog())
    if (role === 'tenant' && scope.length === 0)
      throw new Fault('FORBIDDEN', 'The caller is a tenant and bound to nothing.')
    const rate = role === 'admin' ? undefined : (own ?? this.#context.rates[role])
    return { id, role, scope, rate }
  }
}

/** A tenant's bounds as predicates. Faults: FORBIDDEN when the catalog in force can't be cut by one of them. */
export function scopeOf(tenant: Tenant, catalog: Catalog): ScopePredicate[] {
  return Object.entries(tenant).map(([name, values]) => {
    const dimension = catalog.dimensions.get(name)
    if (dimension === undefined || dimension.type === 'boolean') {
      throw new Fault('FORBIDDEN', `The caller is bound to values of "${name}", which is no dimension of keys here.`)
    }
    const { type } = dimension
    // A value that can't be a key of the dimension matches no row, so it may fall away.
    const fitting = values.filter((value) => checkFilterValues('eq', [value], type).length === 0)
    const normal = fitting.map((value) => String(normalizeValue(value, type)))
    return { dimension: name, type, values: [...new Set(normal)].toSorted() }
  })
}

/** Browsers ask for a name and a password: the password is the key. Nothing but pages to look at needs this. */
function passwordOf(authorization: string): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=]{1,11000})$/i.exec(authorization)?.[1]
  const pair = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8')
  return pair.includes(':') ? pair.slice(pair.indexOf(':') + 1) : undefined
}

const OWN_ADDRESS = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i

/**
 * Whether a request was meant for this machine by its own address. Under another name it came through a proxy, whose
 * callers may be anyone, or from a page in a browser whose author has pointed a name of his own here.
 */
function isOwnAddress(host: string | undefined): boolean {
  return host === undefined || host === '' || OWN_ADDRESS.test(host)
}

/** Compares digests with each, so that neither content nor length nor place shows in the time it takes. */
function isOneOf(shown: Buffer, known: readonly Buffer[]): boolean {
  return known.reduce((found, each) => timingSafeEqual(shown, each) || found, false)
}

function notInForce(): Fault {
  return new Fault('UNAUTHENTICATED', 'The credential is not in force here; send "Authorization: Bearer <key>".')
}
