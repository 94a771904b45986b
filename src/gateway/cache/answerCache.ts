import { randomUUID } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { Fault, type FaultCode } from '../../base/faults.ts'
import type { Answer, CacheOutcome, Delivery, Figures } from '../answerTypes.ts'
import type { Prepared } from '../prepare.ts'
import { receiptOf } from '../receipt.ts'
import { addForm, type Entry, type Form } from './entry.ts'
import { Flights, type Stopwatch } from './flights.ts'
import { pack, tagOf, unpack } from './pack.ts'
import type { SharedTier } from './sharedTier.ts'

/** How old a live answer may be: what can change without a publication is read anew after this. Milliseconds. */
export const LIVE_MS = 1000
/** How long a failure is remembered, so that a broken store is not asked by everyone at once. Milliseconds. */
export const FAILURE_MS = 500

/** Failures of the stores; a caller's own mistakes cost nothing to find again. */
const REMEMBERED: ReadonlySet<FaultCode> = new Set(['STORE_DOWN', 'STORE_FAILED', 'DEADLINE', 'OVER_BUDGET'])

interface Failure {
  readonly fault: Fault
  readonly until: number
}

/** What was computed for one prepared question, under the key of what was really read. */
export interface Computed {
  readonly prepared: Prepared
  readonly outcome: Figures | Fault
}

/** Executes prepared questions together; one outcome each, in their order. */
export type Compute = (prepared: readonly Prepared[], signal: AbortSignal) => Promise<readonly Computed[]>

export interface AnswerCacheOptions {
  /** What the process keeps, in bytes; 0 keeps nothing. */
  readonly bytes: number
  readonly clock: Stopwatch
  readonly shared?: SharedTier | undefined
}

/** What one flight brings: figures with their entry, or why there are none. */
type Landing = { readonly figures: Figures; readonly entry: Entry; readonly outcome: 'hit' | 'miss' } | Fault

/**
 * Answers by key, as serialised bytes: in the process, and in a shared tier behind it. A pinned answer is good for ever,
 * as a publication asks under another key. Any other is good for LIVE_MS, or for as long as its caller allows; then it
 * is given at once and read anew behind it. What is being computed is computed once.
 */
export class AnswerCache {
  readonly #clock: Stopwatch
  readonly #shared: SharedTier | undefined
  readonly #kept: LRUCache<string, Entry> | undefined
  /** Bytes of an entry with its forms. */
  readonly #largest: number
  readonly #failures = new LRUCache<string, Failure>({ max: 10_000 })
  readonly #flights: Flights<Landing>

  constructor({ bytes, clock, shared }: AnswerCacheOptions) {
    this.#clock = clock
    this.#shared = shared
    this.#flights = new Flights(clock)
    this.#largest = Math.ceil(bytes / 8)
    if (bytes > 0) {
      this.#kept = new LRUCache({ maxSize: bytes, maxEntrySize: this.#largest + OVERHEAD, sizeCalculation: sizeOf })
    }
  }

  /** Bytes and entries in the process. */
  get usage(): { readonly bytes: number; readonly entries: number } {
    return { bytes: this.#kept?.calculatedSize ?? 0, entries: this.#kept?.size ?? 0 }
  }

  /** An answer that can be given at once and needs nothing done behind it. */
  fresh(prepared: Prepared): Entry | undefined {
    const entry = this.#kept?.get(prepared.key)
    return entry !== undefined && this.#isLive(entry) ? entry : undefined
  }

  /** Keeps what a door has made of an answer, beside its entry. `tag` is of all figures that went into it. */
  keepForm({ key, tag }: Delivery, name: string, form: Form): void {
    const entry = this.#kept?.get(key)
    if (entry === undefined || entry.tag !== tag || sizeOf(entry) + form.bytes.length > this.#largest) return
    addForm(entry, name, form)
    // Put in again, so that its size is taken anew.
    this.#kept?.delete(key)
    this.#kept?.set(key, entry)
  }

  /** How an entry is delivered that stands in the process. */
  deliveryOf({ key, tag, pinned, bornAt }: Entry, outcome: CacheOutcome = 'hit', collapsed = false): Delivery {
    return { outcome, collapsed, age: Math.max(0, this.#clock() - bornAt), pinned, key, tag }
  }

  /** Answers several prepared questions: from here where it can, else by executing what is left together. */
  async answer(
    asked: readonly (Prepared | Fault)[],
    signal: AbortSignal | undefined,
    compute: Compute,
  ): Promise<(Answer | Fault)[]> {
    const missing = new Map<string, Prepared>()
    const stale = new Map<string, Prepared>()
    const given = asked.map((prepared) => {
      if (prepared instanceof Fault) return prepared
      const kept = this.#look(prepared, stale) ?? this.#failure(prepared.key)
      if (kept !== undefined) return kept
      const joined = this.#flights.join(prepared.key, this.#oldest(prepared), signal)
      if (joined === undefined && !missing.has(prepared.key)) missing.set(prepared.key, prepared)
      return joined && this.#settle(joined, prepared, signal, compute)
    })
    // What somebody waits for here is read anew by that.
    for (const key of missing.keys()) stale.delete(key)
    if (stale.size > 0) this.#launch(stale, compute, undefined)
    const launched = missing.size === 0 ? undefined : this.#launch(missing, compute, { signal })
    return Promise.all(
      asked.map((prepared, i) => {
        const already = given[i]
        if (already !== undefined || prepared instanceof Fault) return already ?? (prepared as Fault)
        const landing = launched?.get(prepared.key) ?? missingOutcome()
        const collapsed = missing.get(prepared.key) !== prepared
        return landing.then((landed) => this.#land(landed, prepared, collapsed))
      }),
    )
  }

  /** What another's flight brought, unless it is older than this caller takes. */
  async #settle(
    joined: Promise<Landing>,
    prepared: Prepared,
    signal: AbortSignal | undefined,
    compute: Compute,
  ): Promise<Answer | Fault> {
    const oldest = this.#oldest(prepared)
    const landing = await joined
    if (landing instanceof Fault || landing.entry.pinned || landing.entry.bornAt >= oldest) {
      return this.#land(landing, prepared, true)
    }
    const [outcome] = await this.answer([prepared], signal, compute)
    return outcome ?? missingOutcome()
  }

  #isLive({ pinned, bornAt }: Entry): boolean {
    return pinned || this.#clock() - bornAt < LIVE_MS
  }

  /** The oldest moment that the caller lets an answer come from. */
  #oldest({ pinned, question }: Prepared): number {
    return pinned ? Number.NEGATIVE_INFINITY : this.#clock() - Math.max(LIVE_MS, question.maxStaleness)
  }

  #look(prepared: Prepared, stale: Map<string, Prepared>): Answer | undefined {
    const entry = this.#kept?.get(prepared.key)
    if (entry === undefined) return undefined
    const live = this.#isLive(entry)
    if (!live && entry.bornAt <= this.#oldest(prepared)) return undefined
    const isTried = this.#flights.isFlying(prepared.key, this.#clock() - LIVE_MS) || this.#failure(prepared.key)
    if (!live && !isTried) {
      stale.set(prepared.key, prepared)
    }
    return this.#answerOf(unpack(entry.packed), entry, prepared, live ? 'hit' : 'stale', false)
  }

  #failure(key: string): Fault | undefined {
    const failure = this.#failures.get(key)
    return failure !== undefined && failure.until > this.#clock() ? failure.fault : undefined
  }

  /** Begins what nobody computes yet; the shared tier is asked first. */
  #launch(
    wanted: ReadonlyMap<string, Prepared>,
    compute: Compute,
    attended: { readonly signal: AbortSignal | undefined } | undefined,
  ): ReadonlyMap<string, Promise<Landing>> {
    const keys = [...wanted.keys()]
    const landings = this.#flights.launch(keys, (signal) => this.#obtain(wanted, compute, signal), attended)
    return new Map(landings.map((landing, i) => [keys[i] ?? '', landing]))
  }

  async #obtain(
    wanted: ReadonlyMap<string, Prepared>,
    compute: Compute,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Landing>> {
    const landings = new Map<string, Landing>()
    if (this.#shared !== undefined) {
      const entries = await this.#shared.read([...wanted.keys()])
      for (const [key, entry] of entries) {
        const prepared = wanted.get(key)
        if (prepared === undefined || !this.#isLive(entry)) continue
        this.#keep(key, entry)
        landings.set(key, { figures: unpack(entry.packed), entry, outcome: 'hit' })
      }
    }
    const left = [...wanted].filter(([key]) => !landings.has(key))
    if (left.length === 0) return landings
    const bornAt = this.#clock()
    const computed = await compute(
      left.map(([, prepared]) => prepared),
      signal,
    )
    for (const [i, [key]] of left.entries()) {
      const { prepared, outcome } = computed[i] ?? missingOutcome()
      landings.set(key, outcome instanceof Fault ? this.#fail(key, outcome) : this.#store(prepared, outcome, bornAt))
    }
    return landings
  }

  #fail(key: string, fault: Fault): Fault {
    if (REMEMBERED.has(fault.code)) this.#failures.set(key, { fault, until: this.#clock() + FAILURE_MS })
    return fault
  }

  #store({ key, pinned }: Prepared, figures: Figures, bornAt: number): Landing {
    const packed = pack(figures)
    const entry: Entry = { key, packed, queryId: randomUUID(), tag: tagOf(packed), bornAt, pinned, forms: new Map() }
    this.#keep(key, entry)
    this.#shared?.write(key, entry, this.#clock() - bornAt)
    return { figures, entry, outcome: 'miss' }
  }

  /** What began earlier never takes the place of what began later. */
  #keep(key: string, entry: Entry): void {
    const before = this.#kept?.get(key)
    if (before === undefined || before.bornAt < entry.bornAt) this.#kept?.set(key, entry)
  }

  #land(landing: Landing, prepared: Prepared, collapsed: boolean): Answer | Fault {
    if (landing instanceof Fault) return landing
    return this.#answerOf(landing.figures, landing.entry, prepared, landing.outcome, collapsed)
  }

  #answerOf(figures: Figures, entry: Entry, prepared: Prepared, outcome: CacheOutcome, collapsed: boolean): Answer {
    const delivery = this.deliveryOf(entry, outcome, collapsed)
    return { ...figures, receipt: receiptOf(prepared, entry.queryId, outcome), delivery }
  }
}

function sizeOf({ packed, forms }: Entry): number {
  const written = [...forms.values()].reduce((sum, { bytes }) => sum + bytes.length + OVERHEAD, 0)
  return packed.length + written + OVERHEAD
}

/** Bytes that stand for what maps and objects take. */
const OVERHEAD = 300

function missingOutcome(): never {
  throw new TypeError('a question was not computed')
}
