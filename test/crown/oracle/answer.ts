import type { Advertiser, Fact, Key, World } from '../model.ts'
import type { Asked } from '../question.ts'
import { aggregate } from './aggregate.ts'
import { aligned } from './align.ts'
import { bucketAfter, bucketOf, type Day, dayAt, HOUR, hourAt, isDayGrain, MINUTE, plus, startOf } from './calendar.ts'
import { type Exact, isExact, type Measured, order } from './exact.ts'
import { keyAgainst, measuredAgainst, orderKeys, readField, verdict } from './filters.ts'
import { type DayRead, type Finality, type ProcessReads, readsOf } from './reads.ts'
import { type MetricColumn, metricColumns, type Request } from './requests.ts'

/** A bucket of time: its first day's label, or below days its first instant. */
export type Bucket = Day | number
export type GroupKey = Key | Bucket

export interface ExpectedRow {
  readonly keys: readonly GroupKey[]
  readonly values: readonly Measured[]
  readonly finality: Finality
}

export interface Expected {
  /** The code of the refusal; nothing else counts then. */
  readonly refusal: 'NOT_ANSWERABLE' | 'NOT_FINAL' | undefined
  readonly columns: readonly MetricColumn[]
  readonly rows: readonly ExpectedRow[]
  readonly truncated: boolean
  readonly totals: { readonly values: readonly Measured[]; readonly finality: Finality } | undefined
  readonly finalThrough: Day | null
  /** Over all metrics, the business days that are final. */
  readonly finalDays: number
  /** Every fact of the asked time counts, and no day is missing: one store holding everything says the same. */
  readonly whole: boolean
  /** The zone that instants are written in. */
  readonly zone: string
}

const WORST: readonly Finality[] = ['final', 'provisional', 'missing']
const worse = (a: Finality, b: Finality): Finality => (WORST.indexOf(a) >= WORST.indexOf(b) ? a : b)

/** What a question over a world must be answered, by the written semantics alone. */
export function expectedAnswer({ dataset, moment, question }: World): Expected {
  const columns = metricColumns(question, dataset)
  const requests = [...new Map(columns.flatMap((column) => column.requests).map((each) => [each.key, each])).values()]
  const processes = [...new Set(requests.map((request) => request.process))]
  const apart = new Map(
    processes.map((process) => [
      process,
      readsOf(
        question,
        process,
        requests.filter((each) => each.process === process),
        moment,
      ),
    ]),
  )
  const reads = question.align === true ? aligned(apart, columns) : apart
  const oracle = new Oracle(
    question,
    columns,
    requests,
    (request) => reads.get(request.process) ?? fail(),
    dataset.advertisers,
    moment.now,
  )
  return oracle.answer()
}

function fail(): never {
  throw new RangeError('every process of a question is read')
}

class Oracle {
  readonly #question: Asked
  readonly #columns: readonly MetricColumn[]
  readonly #requests: readonly Request[]
  readonly #reads: (request: Request) => ProcessReads
  readonly #now: number
  readonly #advertisers: ReadonlyMap<bigint, Advertiser>
  readonly #byKey: ReadonlyMap<string, Request>
  readonly #finalities = new Map<string, Finality>()

  constructor(
    question: Asked,
    columns: readonly MetricColumn[],
    requests: readonly Request[],
    reads: (request: Request) => ProcessReads,
    advertisers: readonly Advertiser[],
    now: number,
  ) {
    this.#question = question
    this.#columns = columns
    this.#requests = requests
    this.#reads = reads
    this.#now = now
    this.#advertisers = new Map(advertisers.map((each) => [each.key, each]))
    this.#byKey = new Map(requests.map((request) => [request.key, request]))
  }

  answer(): Expected {
    const days = this.#requests.flatMap((request) => this.#daysOf(request))
    const refused = this.#requests.some((request) => this.#reads(request).refused)
    const notFinal = this.#question.finality === 'final' && days.some(({ finality }) => finality !== 'final')
    const { rows, truncated } = this.#finish(this.#rows())
    return {
      refusal: refused ? 'NOT_ANSWERABLE' : notFinal ? 'NOT_FINAL' : undefined,
      columns: this.#columns,
      rows,
      truncated,
      totals: this.#question.totals === true ? this.#totals() : undefined,
      finalThrough: this.#finalThrough(),
      finalDays: days.filter(({ finality }) => finality === 'final').length,
      whole: this.#requests.every((request) => this.#isWhole(request)),
      zone: this.#requests[0] === undefined ? 'UTC' : this.#reads(this.#requests[0]).window.zone,
    }
  }

  #daysOf(request: Request) {
    return [...(this.#reads(request).reads.get(request)?.values() ?? [])]
  }

  /** Facts of the asked time, whether or not their day is there to be read. */
  #asked(request: Request): Fact[] {
    const { from, to } = this.#reads(request).window
    return request.process.facts.filter(({ at }) => from * 1000 <= at && at < to * 1000)
  }

  #facts(request: Request): Fact[] {
    const reads = this.#reads(request).reads.get(request)
    const filters = [...(this.#question.filters ?? []), ...request.filters]
    return this.#asked(request).filter(
      (fact) =>
        reads?.get(fact.day)?.counts === true &&
        filters.every(
          (filter) => verdict(filter, (field) => readField(fact, field, this.#advertisers), keyAgainst) === true,
        ),
    )
  }

  #isWhole(request: Request): boolean {
    const reads = this.#reads(request).reads.get(request)
    if (this.#daysOf(request).some(({ finality }) => finality === 'missing')) return false
    return this.#asked(request).every((fact) => reads?.get(fact.day)?.counts === true)
  }

  #keysOf(fact: Fact, request: Request): GroupKey[] {
    const { grain } = this.#question.time ?? {}
    const dimensions = (this.#question.dimensions ?? []).map((field) => readField(fact, field, this.#advertisers))
    if (grain === undefined) return dimensions
    const { zone } = this.#reads(request).window
    const instant = Math.floor(fact.at / 1000)
    const bucket = isDayGrain(grain) ? bucketOf(dayAt(instant, zone), grain) : this.#momentOf(instant, zone)
    return [bucket, ...dimensions]
  }

  /** The bucket below day grain. */
  #momentOf(instant: number, zone: string): number {
    return this.#question.time?.grain === 'hour' ? hourAt(instant, zone) : Math.floor(instant / MINUTE) * MINUTE
  }

  /** Each request on its own, joined on all keys. */
  #rows(): ExpectedRow[] {
    const hasTime = this.#question.time?.grain !== undefined
    const width = (hasTime ? 1 : 0) + (this.#question.dimensions?.length ?? 0)
    const groups = new Map<string, { keys: readonly GroupKey[]; values: Map<string, Measured> }>()
    const groupOf = (keys: readonly GroupKey[]) => {
      const text = identity(keys)
      const group = groups.get(text) ?? { keys, values: new Map<string, Measured>() }
      groups.set(text, group)
      return group
    }
    for (const request of this.#requests) {
      const facts = Map.groupBy(this.#facts(request), (fact) => identity(this.#keysOf(fact, request)))
      for (const group of facts.values()) {
        const [first] = group
        if (first !== undefined)
          groupOf(this.#keysOf(first, request)).values.set(request.key, aggregate(request.metric, group))
      }
      if (width === 0 && facts.size === 0) groupOf([]).values.set(request.key, aggregate(request.metric, []))
    }
    if (hasTime && width === 1) for (const bucket of this.#missingBuckets()) groupOf([bucket])
    return [...groups.values()].map(({ keys, values }) => {
      const bucket = hasTime ? (keys[0] as Bucket) : undefined
      return {
        keys,
        values: this.#columns.map((column) => this.#cell(column, bucket, (request) => values.get(request.key) ?? null)),
        finality: this.#requests.map((request) => this.#finality(request, bucket)).reduce(worse, 'final'),
      }
    })
  }

  #cell(column: MetricColumn, bucket: Bucket | undefined, value: (request: Request) => Measured): Measured {
    if (column.requests.some((request) => this.#finality(request, bucket) === 'missing')) return null
    return column.evaluate((request) => value(this.#byKey.get(request.key) ?? request))
  }

  /** The worst day that a bucket reads for a request; of all days without a bucket. */
  #finality(of: Request, bucket: Bucket | undefined): Finality {
    const request = this.#byKey.get(of.key) ?? of
    const key = `${request.key} ${bucket}`
    const known = this.#finalities.get(key)
    if (known !== undefined) return known
    const worst = this.#readsIn(request, bucket).reduce((so, { finality }) => worse(so, finality), 'final' as Finality)
    this.#finalities.set(key, worst)
    return worst
  }

  /** The business days that lie, with some part, in the asked part of a bucket. */
  #readsIn(request: Request, bucket: Bucket | undefined): DayRead[] {
    if (bucket === undefined) return this.#daysOf(request)
    const { reads, window } = this.#reads(request)
    const { zone } = request.process
    const [from, to] = this.#span(bucket, window.zone)
    const [first, end] = [Math.max(from, window.from), Math.min(to, window.to)]
    const found: DayRead[] = []
    if (first >= end) return found
    for (let day = dayAt(first, zone); startOf(day, zone) < end; day = plus(day, 1)) {
      const read = reads.get(request)?.get(day)
      if (read !== undefined) found.push(read)
    }
    return found
  }

  #span(bucket: Bucket, zone: string): [number, number] {
    const grain = this.#question.time?.grain ?? 'day'
    if (typeof bucket === 'number') return [bucket, bucket + (grain === 'hour' ? HOUR : MINUTE)]
    return [startOf(bucket, zone), startOf(bucketAfter(bucket, grain), zone)]
  }

  /** Buckets that have begun and of which some asked part lies in a missing day: a day never disappears in silence. */
  #missingBuckets(): Set<Bucket> {
    const grain = this.#question.time?.grain ?? 'day'
    const buckets = new Set<Bucket>()
    const add = (bucket: Bucket, zone: string): void => {
      if (this.#span(bucket, zone)[0] <= this.#now) buckets.add(bucket)
    }
    for (const request of this.#requests) {
      const { reads, window } = this.#reads(request)
      for (const [day, { finality }] of reads.get(request) ?? []) {
        if (finality !== 'missing') continue
        const from = Math.max(startOf(day, request.process.zone), window.from)
        const to = Math.min(startOf(plus(day, 1), request.process.zone), window.to)
        if (isDayGrain(grain)) {
          for (let at = dayAt(from, window.zone); startOf(at, window.zone) < to; at = plus(at, 1))
            add(bucketOf(at, grain), window.zone)
        } else {
          // Every zone's hours begin on a quarter of an hour.
          const step = grain === 'hour' ? 15 * MINUTE : MINUTE
          for (let at = from; at < to; at += step) add(this.#momentOf(at, window.zone), window.zone)
          add(this.#momentOf(to - 1, window.zone), window.zone)
        }
      }
    }
    return buckets
  }

  #finish(rows: readonly ExpectedRow[]): { rows: ExpectedRow[]; truncated: boolean } {
    const { having = [], order: by = [], limit = 50_000, finality } = this.#question
    const names = this.#columns.map((column) => column.name)
    const passing = rows.filter((row) =>
      having.every(
        (filter) => verdict(filter, (name) => row.values[names.indexOf(name)] ?? null, measuredAgainst) === true,
      ),
    )
    const keyNames = [
      ...(this.#question.time?.grain === undefined ? [] : ['time']),
      ...(this.#question.dimensions ?? []),
    ]
    const readers = new Map<string, (row: ExpectedRow) => GroupKey | Measured>([
      ...keyNames.map((name, i) => [name, (row: ExpectedRow) => row.keys[i] ?? null] as const),
      ...names.map((name, i) => [name, (row: ExpectedRow) => row.values[i] ?? null] as const),
      ['finality', (row: ExpectedRow) => row.finality],
    ])
    const asked = by.map(({ field, direction }) => [field, direction === 'desc' ? -1 : 1] as const)
    const ties = [...keyNames, ...names].map((name) => [name, 1] as const)
    const shown = finality === 'finalOnly' ? passing.filter((row) => row.finality === 'final') : passing
    const sorted = shown.toSorted((a, b) => {
      for (const [name, sign] of [...asked, ...ties]) {
        const read = readers.get(name) ?? fail
        const compared = orderCells(read(a), read(b), sign)
        if (compared !== 0) return compared
      }
      return 0
    })
    return {
      rows: sorted.slice(0, limit),
      truncated: sorted.length > limit,
    }
  }

  #totals() {
    const memory = new Map(
      this.#requests.map((request) => [request.key, aggregate(request.metric, this.#facts(request))]),
    )
    return {
      values: this.#columns.map((column) =>
        this.#cell(column, undefined, (request) => memory.get(request.key) ?? null),
      ),
      finality: this.#requests.map((request) => this.#finality(request, undefined)).reduce(worse, 'final'),
    }
  }

  /** The last day up to which everything is final for every metric; null when the first day is not. */
  #finalThrough(): Day | null {
    const ends = this.#requests.map((request): Day | null => {
      let last: Day | null = null
      for (const [day, { finality }] of this.#reads(request).reads.get(request) ?? []) {
        if (finality !== 'final') break
        last = day
      }
      return last
    })
    if (ends.includes(null)) return null
    return ends.flatMap((day) => day ?? []).toSorted()[0] ?? null
  }
}

function identity(keys: readonly GroupKey[]): string {
  return JSON.stringify(keys.map((key) => (typeof key === 'bigint' ? `${key}n` : key)))
}

/** Nulls last in both directions. */
function orderCells(a: GroupKey | Measured, b: GroupKey | Measured, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  if (isExact(a)) return sign * order(a, b as Exact)
  return sign * orderKeys(a as Exclude<Key, null>, b as Exclude<Key, null>)
}

export type { Request }
