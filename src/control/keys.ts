import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Clock } from '../base/clock.ts'
import type { Soon } from '../base/soon.ts'
import type { Cell, Parameter, Store } from '../stores/port.ts'
import { SCHEMA } from './migrate.ts'

export type KeyRole = 'admin' | 'analyst' | 'service' | 'tenant'

/** Dimension -> the keys of it that a caller is bound to, as text. */
export type Tenant = Readonly<Record<string, readonly string[]>>

/** What a caller was promised and may ask. */
export interface Contract {
  readonly rate?: { readonly perSecond: number; readonly burst?: number | undefined } | undefined
}

export interface NewKey {
  readonly name: string
  readonly role: KeyRole
  readonly tenant: Tenant | undefined
  readonly contract: Contract
  /** An ISO instant; undefined = until it is revoked. */
  readonly expiresAt: string | undefined
}

export interface KeyRecord extends NewKey {
  readonly id: string
  readonly createdAt: string
  readonly revokedAt: string | undefined
}

/** A key as it is looked up: with the digest that the shown one must have. */
interface StoredKey extends KeyRecord {
  readonly digest: Buffer
}

export interface KeysContext {
  readonly control: Store
  readonly clock: Clock
  /** False where other processes change keys too. */
  readonly alone: boolean
}

const MOST_KNOWN = 50_000
/** What is known of a key is trusted while the control database was heard of this long ago at most. */
const TRUSTED_MS = 5000
const FORM = /^osk_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/

/**
 * API keys and revoked tokens. What was looked up is kept, and forgotten when it changes: a change is counted in the
 * control database and told by NOTIFY, and asked for by a poll behind that. When neither comes through, every key is
 * looked up anew, and a control database that is away refuses rather than trusts.
 */
export class Keys {
  readonly #context: KeysContext
  readonly #known = new LRUCache<string, { readonly key: StoredKey | undefined }>({ max: MOST_KNOWN })
  /** Token id -> the moment up to which tokens are refused. */
  readonly #revoked = new Map<string, number>()
  #change = -1
  #heardAt = Number.NEGATIVE_INFINITY
  #running: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined

  constructor(context: KeysContext) {
    this.#context = context
  }

  /** Makes a key. The key itself is given here and never again. */
  async create(key: NewKey): Promise<{ readonly id: string; readonly key: string }> {
    const id = randomBytes(6).toString('hex')
    const secret = `osk_${id}_${randomBytes(32).toString('base64url')}`
    await this.#ask(
      `select ${SCHEMA}.create_key($1::text, $2::text, $3::text, $4::jsonb, $5::jsonb, $6::text, $7::timestamptz)::text`,
      [
        id,
        key.name,
        key.role,
        key.tenant === undefined ? null : JSON.stringify(key.tenant),
        JSON.stringify(key.contract),
        hash('sha256', secret, 'hex'),
        key.expiresAt ?? null,
      ],
    )
    await this.refresh()
    return { id, key: secret }
  }

  /** Keys, newest first; `after` is the id of the last one seen. undefined when there is no such key. */
  async list(limit: number, after: string | undefined): Promise<KeyRecord[] | undefined> {
    if (after !== undefined && (await this.#read(after)) === undefined) return undefined
    const rows = await this.#ask(
      `select ${COLUMNS} from ${SCHEMA}.api_key
       where $1::text is null or (created_at, id) < (select created_at, id from ${SCHEMA}.api_key where id = $1)
       order by created_at desc, id desc limit $2::bigint`,
      [after ?? null, limit],
    )
    return rows.map(readKey).map(({ digest, ...record }) => record)
  }

  /** False when there is no such key. When it has resolved, this process refuses the key. */
  async revoke(id: string): Promise<boolean> {
    const rows = await this.#ask(`select ${SCHEMA}.revoke_key($1::text)`, [id])
    await this.refresh()
    return rows[0]?.[0] === true
  }

  /** Refuses tokens from now on: `jti:<id>` the one of that id, `sub:<subject>` all that were issued until now. */
  async revokeToken(id: string): Promise<void> {
    await this.#ask(`select ${SCHEMA}.revoke_token($1::text)::text`, [id])
    await this.refresh()
  }

  /** The key that a caller shows, if it is one and is in force; `digest` is that of it. At once where it is known. Rejects with STORE_DOWN when that can't be known. */
  find(shown: string, digest = digestOf(shown)): Soon<KeyRecord | undefined> {
    const id = FORM.exec(shown)?.[1]
    if (id === undefined) return undefined
    const known = this.#isTrusted() ? this.#known.get(id) : undefined
    return known === undefined
      ? this.#lookUp(id).then((key) => this.#inForce(key, digest))
      : this.#inForce(known.key, digest)
  }

  #inForce(key: StoredKey | undefined, digest: Buffer): KeyRecord | undefined {
    // Digests are of one length; comparing takes as long wherever they differ.
    if (key === undefined || !timingSafeEqual(key.digest, digest)) return undefined
    const over = key.expiresAt !== undefined && Date.parse(key.expiresAt) <= this.#context.clock()
    return over || key.revokedAt !== undefined ? undefined : key
  }

  /** Whether tokens of these ids, issued at `issuedAt` (milliseconds), are refused. Rejects as `find` does. */
  async isRevoked(ids: readonly string[], issuedAt: number): Promise<boolean> {
    if (!this.#isTrusted()) await this.refresh()
    return ids.some((id) => {
      const until = this.#revoked.get(id)
      // One token's id is refused whenever its provider's clock says it was issued.
      return until !== undefined && (id.startsWith('jti:') || issuedAt <= until)
    })
  }

  /** Reads what has changed. Rejects when the control database can't be read. */
  refresh(): Promise<void> {
    const next = this.#running.then(() => this.#load())
    this.#running = next.catch(() => undefined)
    return next
  }

  /** Polls until stop(). */
  start(everyMs: number): void {
    this.#timer = setInterval(() => void this.refresh().catch(() => undefined), everyMs)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#running
  }

  async #load(): Promise<void> {
    const asked = performance.now()
    const [[reached] = []] = await this.#ask(`select change from ${SCHEMA}.access_change`, [])
    const change = Number(reached)
    if (change !== this.#change) {
      const since = [this.#change]
      // Before the first load nothing was looked up: nothing can have changed.
      const first = this.#change < 0
      const keys = first ? [] : await this.#ask(`select id from ${SCHEMA}.api_key where change > $1::bigint`, since)
      const tokens = await this.#ask(
        `select id, extract(epoch from revoked_at) * 1000 from ${SCHEMA}.revoked_token where change > $1::bigint`,
        since,
      )
      for (const [id] of keys) this.#known.delete(String(id))
      for (const [id, until] of tokens) this.#revoked.set(String(id), Number(until))
      // Only now: who looks a key up meanwhile sees that something has changed, and does not keep what it read.
      this.#change = change
    }
    this.#heardAt = asked
  }

  #isTrusted(): boolean {
    return this.#context.alone || performance.now() - this.#heardAt < TRUSTED_MS
  }

  async #lookUp(id: string): Promise<StoredKey | undefined> {
    const before = this.#change
    const key = await this.#read(id)
    if (before === this.#change) this.#known.set(id, { key })
    return key
  }

  async #read(id: string): Promise<StoredKey | undefined> {
    const [row] = await this.#ask(`select ${COLUMNS} from ${SCHEMA}.api_key where id = $1::text`, [id])
    return row && readKey(row)
  }

  async #ask(text: string, params: readonly Parameter[]): Promise<readonly (readonly Cell[])[]> {
    const { rows } = await this.#context.control.query({ dialect: 'postgres', text, params }, { timeout: 5000 })
    return rows
  }
}

/** SHA-256 of a credential. */
export function digestOf(credential: string): Buffer {
  // As hexadecimal digits and back: of the ways Node has, the fastest.
  return Buffer.from(hash('sha256', credential, 'hex'), 'hex')
}

const INSTANT = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
const COLUMNS = `id, name, role, tenant::text, contract::text, hash,
  ${['created_at', 'expires_at', 'revoked_at'].map((column) => `to_char(${column} at time zone 'UTC', '${INSTANT}')`).join(', ')}`

function readKey([
  id,
  name,
  role,
  tenant,
  contract,
  digest,
  createdAt,
  expiresAt,
  revokedAt,
]: readonly Cell[]): StoredKey {
  return {
    id: String(id),
    name: String(name),
    role: String(role) as KeyRole,
    tenant: isNothing(tenant) ? undefined : (JSON.parse(String(tenant)) as Tenant),
    contract: JSON.parse(String(contract)) as Contract,
    digest: Buffer.from(String(digest), 'hex'),
    createdAt: String(createdAt),
    expiresAt: isNothing(expiresAt) ? undefined : String(expiresAt),
    revokedAt: isNothing(revokedAt) ? undefined : String(revokedAt),
  }
}

function isNothing(cell: Cell | undefined): boolean {
  return cell === null || cell === undefined
}
