import { Fault, faultDetail } from '../base/faults.ts'
import { type Finality, worse } from '../base/finality.ts'
import { HOUR, type Instant, type Interval, isDayGrain, MINUTE, startOfDay } from '../base/time.ts'
import { type Aggregate, type Join, pickOf, type Scan } from '../plan/logical.ts'
import { Reading } from '../plan/reading.ts'
import { type SeriesSteps, stepsOf } from '../plan/series.ts'
import type { QuestionKey, ResolvedQuestion, Window } from '../query/resolved.ts'
import { type BaseKey, baseAt, baseOf, baseStart, bucketAround, meet, unitKey } from '../query/timeUnit.ts'
import { type Bucket, bucketsOf, holdsAt, type TimeKey } from './buckets.ts'
import type { FinalityMap } from './finality.ts'
import type { GroupTable, StateColumn } from './groups.ts'
import { Rows, textOf } from './rows.ts'
import { keepMoments, type SnapshotRows } from './snapshot.ts'
import type { Key, Value } from './value.ts'

/** What was read, scan by scan; a snapshot's rows bear the moments that were kept. */
export interface ScanTable {
  readonly groups: GroupTable
  /** By request. */
  readonly snapshots: ReadonlyMap<string, GroupTable>
  /** No two rows of `groups` have the same keys. */
  readonly isDistinct: boolean
}

export interface EvaluateContext {
  readonly question: ResolvedQuestion
  readonly join: Join
  readonly tables: ReadonlyMap<Scan, ScanTable>
  readonly finality: FinalityMap
  /** Totals that were read by themselves, by the names of their keys. */
  readonly wholes: ReadonlyMap<string, EvaluateContext>
}

/** A series over the rows of an answer. */
export interface SeriesValues {
  readonly values: readonly (Value | undefined)[]
  finality(row: number): Finality
}

/** Every series by some of the question's keys. */
export interface Evaluated {
  readonly rows: Rows
  readonly keys: readonly QuestionKey[]
  readonly series: ReadonlyMap<string, SeriesValues>
  /** The buckets of the range that are there to be filled, up to now. */
  buckets(process: string): readonly Bucket[]
}

/** Folds groups: gives the keys that a group is shown under, or undefined to leave it out. */
export type Fold = (keys: readonly Key[]) => readonly Key[] | undefined

const MOST_CELLS = 20_000_000

/**
 * Evaluates every series of a plan by `keys`, which are the question's or some of them: totals are the same series by
 * fewer keys, recomputed from states.
 */
export function evaluate(context: EvaluateContext, keys: readonly QuestionKey[], fold?: Fold): Evaluated {
  const evaluation = new Evaluation(context, keys, fold)
  const series = new Map(context.join.inputs.map(({ id, node }) => [id, evaluation.series(stepsOf(node))]))
  return { rows: evaluation.rows, keys, series, buckets: (process) => evaluation.filledBuckets(process) }
}

class Evaluation {
  readonly rows: Rows
  readonly #context: EvaluateContext
  readonly #keys: readonly QuestionKey[]
  readonly #fold: Fold | undefined
  readonly #times: readonly TimeKey[]
  /** Where the fields of the keys stand among the fields that were read. */
  readonly #fields: readonly { readonly key: Extract<QuestionKey, { kind: 'field' }>; readonly index: number }[]
  readonly #grain: Window['grain']
  readonly #buckets = new Map<string, readonly Bucket[]>()
  /** The table whose keys the rows are, as they stand: its other series find them so too. */
  #adopted: GroupTable | undefined
  #start: Instant | undefined

  constructor(context: EvaluateContext, keys: readonly QuestionKey[], fold: Fold | undefined) {
    this.#context = context
    this.#keys = keys
    this.#fold = fold
    this.rows = new Rows(keys.length)
    this.#times = keys.filter((key) => key.kind === 'time')
    const read = context.question.keys.filter((key) => key.kind === 'field')
    this.#fields = keys.flatMap((key) => (key.kind === 'field' ? [{ key, index: read.indexOf(key) }] : []))
    this.#grain = this.#times.length === 0 ? undefined : this.#times.map(({ unit }) => baseOf(unit)).reduce(meet)
  }

  series(steps: SeriesSteps): SeriesValues {
    const scan = steps.pick.input
    const window = { ...scan.window, grain: this.#grain }
    const reading = new Reading(steps, window, this.#context.question.calendars)
    const table = this.#tableOf(scan)
    const snapshot = table.snapshots.get(steps.pick.request)
    const buckets = new Map<string, Finality>()
    let values: (Value | undefined)[]
    if (snapshot !== undefined) values = this.#snapshot(snapshot, reading, buckets)
    else if (reading.isPlain) values = this.#plain(table, reading)
    else values = this.#moved(table.groups, reading)
    this.#addMissing(reading)
    return { values, finality: this.#finalityOf(reading, buckets) }
  }

  #tableOf(scan: Scan): ScanTable {
    const table = this.#context.tables.get(scan)
    if (table === undefined) throw new TypeError('a scan was not read')
    return table
  }

  /** Every bucket reads its own days: each row of the table has one row of the answer. */
  #plain({ groups, isDistinct }: ScanTable, reading: Reading): (Value | undefined)[] {
    const { request, input: scan } = reading.steps.pick
    const column = groups.states.get(request)
    if (column === undefined) return []
    const inRange = this.#inRange(scan, reading)
    if (inRange === undefined && isDistinct && this.#isAsRead(scan)) {
      if (this.rows.width > 0 && this.rows.size === 0) {
        this.rows.adopt(groups.keys, groups.size)
        this.#adopted = groups
      }
      if (this.rows.width === 0 || this.#adopted === groups) return finish(column, groups.size, this.rows.width === 0)
    }
    const states: unknown[] = []
    for (let row = 0; row < groups.size; row++) {
      const state = column.cells[row]
      if (state === undefined) continue
      if (inRange !== undefined && !inRange(Number(groups.keys[0]?.[row]))) continue
      const fields = this.#fieldKeys(groups, row, scan)
      if (fields === undefined) continue
      const at = this.rows.at(this.#assemble(this.#timeKeys(groups, row, scan), fields))
      const before = states[at]
      states[at] = before === undefined ? state : column.aggregate.merge(before, state)
    }
    return finish(
      { ...column, cells: states },
      Math.max(states.length, this.rows.width === 0 ? 1 : 0),
      this.rows.width === 0,
    )
  }

  /** True when the keys of a table are those of the rows: nothing is derived, folded or left out. */
  #isAsRead(scan: Scan): boolean {
    if (this.#fold !== undefined || this.#keys !== this.#context.question.keys) return false
    if (this.#isMoved(scan)) return false
    if (this.#fields.some(({ key }) => key.unit !== undefined)) return false
    const [time, ...more] = this.#times
    if (time === undefined) return scan.base === undefined
    if (this.#keys[0] !== time) return false
    return more.length === 0 && time.unit.kind === 'grain' && time.unit.grain === scan.base && scan.kind === 'aggregate'
  }

  /** True when some series shows what a scan read in other buckets than those it was read in. */
  #isMoved(scan: Scan): boolean {
    return this.#context.join.inputs.some(({ node }) => {
      const { pick, period, shifts } = stepsOf(node)
      return pick.input === scan && (period !== undefined || shifts.length > 0)
    })
  }

  /** A condition on base buckets where more was read than the range, or days of it are left out. */
  #inRange(scan: Scan, { window, timeline }: Reading): ((base: BaseKey) => boolean) | undefined {
    const { base, reads } = scan
    if (base === undefined || base === 'exact') return undefined
    const { from, to } = window.interval
    const [only] = reads
    const isWhole = reads.length === 1 && only !== undefined && only.from >= from && only.to <= to
    if (isWhole && window.days.length === 0) return undefined
    const lowest = Number.isFinite(from) ? baseAt(from, base, window.zone) : from
    const highest = baseAt(to - 1, base, window.zone)
    return (key) => {
      if (key < lowest || key > highest) return false
      if (window.days.length === 0) return true
      const position = timeline.at(baseStart(key, base, window.zone))
      return window.days.every((condition) => holdsAt(condition, position, timeline) === true)
    }
  }

  /** Windows and shifts: the states of each group in order of time, and for each bucket those that it reads. */
  #moved(groups: GroupTable, reading: Reading): (Value | undefined)[] {
    const { request, input: scan } = reading.steps.pick
    const column = groups.states.get(request)
    if (column === undefined) return []
    const single = this.rows.width === 0
    const lines = this.#lines(groups, column, scan)
    if (scan.base === undefined || scan.base === 'exact') {
      const values: (Value | undefined)[] = single ? [column.aggregate.finish(column.aggregate.empty)] : []
      for (const { fields, states } of lines)
        values[this.rows.at(this.#assemble([], fields))] = column.aggregate.finish(merged(column, states))
      return values
    }
    const base = scan.base
    const buckets = this.#bucketsFor(reading, firstBase(lines), base)
    if (buckets.length * lines.length > MOST_CELLS) throw tooManyCells()
    const zone = reading.window.zone
    const range = ({ from, to }: Interval): readonly [BaseKey, BaseKey] => [
      Number.isFinite(from) ? baseAt(from, base, zone) : from,
      Number.isFinite(to) ? baseAt(to - 1, base, zone) : to,
    ]
    const values: (Value | undefined)[] = single ? [column.aggregate.finish(column.aggregate.empty)] : []
    const reads = buckets.map(({ positions }) => reading.of(positions))
    for (const line of lines) {
      const folder = new Folder(line, column)
      for (const [i, bucket] of buckets.entries()) {
        const read = reads[i]
        if (read === undefined) continue
        const value =
          read.kind === 'together'
            ? finishOne(column, folder.fold(read.intervals.map(range)))
            : averageOf(read.intervals.map((each) => finishOne(column, folder.fold(each.map(range)))))
        if (value === undefined) continue
        values[this.rows.at(this.#assemble(bucket.keys, line.fields))] = value
      }
    }
    return values
  }

  /** States of each group by base bucket, in order; what is folded together is merged. */
  #lines(groups: GroupTable, column: StateColumn, scan: Scan): Line[] {
    const lines = new Map<string, { fields: readonly Key[]; states: Map<BaseKey, unknown> }>()
    for (let row = 0; row < groups.size; row++) {
      const state = column.cells[row]
      if (state === undefined) continue
      const fields = this.#fieldKeys(groups, row, scan)
      if (fields === undefined) continue
      const identity = textOf(fields)
      const line = lines.get(identity) ?? { fields, states: new Map<BaseKey, unknown>() }
      lines.set(identity, line)
      const base = scan.base === undefined ? 0 : Number(groups.keys[0]?.[row])
      const before = line.states.get(base)
      line.states.set(base, before === undefined ? state : column.aggregate.merge(before, state))
    }
    return [...lines.values()].map(({ fields, states }) => {
      const bases = [...states.keys()].sort((a, b) => a - b)
      return { fields, bases, states: bases.map((base) => states.get(base)) }
    })
  }

  /** Only the rows of the last (first) moment of each bucket count. */
  #snapshot(groups: GroupTable, reading: Reading, finality: Map<string, Finality>): (Value | undefined)[] {
    const { request, input: scan } = reading.steps.pick
    const column = groups.states.get(request)
    const snapshot = scan.kind === 'aggregate' ? requestOf(scan, request).metric.snapshot : undefined
    if (column === undefined || snapshot === undefined || scan.kind !== 'aggregate') return []
    const hasBase = scan.base !== undefined
    const by = snapshot.by.length
    const table: SnapshotRows = {
      bases: hasBase ? (groups.keys[0] ?? []) : undefined,
      moments: groups.keys[hasBase ? 1 : 0] ?? [],
      by: groups.keys.slice(hasBase ? 2 : 1, (hasBase ? 2 : 1) + by),
      size: groups.size,
    }
    const base = scan.base === 'exact' ? undefined : scan.base
    const buckets: readonly Bucket[] = base === undefined ? [{ keys: [], positions: [] }] : this.#allBuckets(reading)
    const values: (Value | undefined)[] = this.rows.width === 0 ? [column.aggregate.finish(column.aggregate.empty)] : []
    for (const bucket of buckets) {
      const intervals = base === undefined ? reading.reads : this.#intervals(reading, bucket)
      const { rows, moment } = keepMoments(table, intervals, base, reading.window.zone, snapshot.keep)
      finality.set(
        textOf(bucket.keys),
        this.#keptFinality(scan, reading, intervals, by > 0 ? undefined : moment, snapshot),
      )
      const states = new Map<number, unknown>()
      for (const row of rows) {
        const state = column.cells[row]
        const fields = state === undefined ? undefined : this.#fieldKeys(groups, row, scan, 1 + by)
        if (fields === undefined) continue
        const at = this.rows.at(this.#assemble(bucket.keys, fields))
        const before = states.get(at)
        states.set(at, before === undefined ? state : column.aggregate.merge(before, state))
      }
      for (const [at, state] of states) values[at] = column.aggregate.finish(state)
    }
    return values
  }

  /** From the kept moment on, for a missing day there could hold a later one; all days where nothing was kept. */
  #keptFinality(
    scan: Aggregate,
    { steps, window }: Reading,
    intervals: readonly Interval[],
    moment: Key | undefined,
    { keep, grain }: { readonly keep: 'last' | 'first'; readonly grain: NonNullable<Window['grain']> },
  ): Finality {
    if (typeof moment !== 'number') return this.#context.finality.of(scan, steps.pick.request, intervals)
    const start = isDayGrain(grain) ? startOfDay(moment, window.zone) : moment
    const cut = intervals.flatMap(({ from, to }) => {
      const part = keep === 'last' ? { from: Math.max(from, start), to } : { from, to: Math.min(to, start + 1) }
      return part.from < part.to ? [part] : []
    })
    return this.#context.finality.of(scan, steps.pick.request, cut)
  }

  #intervals(reading: Reading, { positions }: Bucket): readonly Interval[] {
    if (!reading.isPlain) {
      const read = reading.of(positions)
      return read.kind === 'together' ? read.intervals : read.intervals.flat()
    }
    const { timeline, window } = reading
    const intervals: Interval[] = []
    for (const position of positions) {
      const each = {
        from: Math.max(timeline.start(position), window.interval.from),
        to: Math.min(timeline.start(timeline.next(position)), window.interval.to),
      }
      const last = intervals.at(-1)
      if (last !== undefined && last.to === each.from)
        intervals[intervals.length - 1] = { from: last.from, to: each.to }
      else intervals.push(each)
    }
    return intervals
  }

  /** The buckets of the range of a series, begun at the first data where the question named no range. */
  #bucketsFor(
    reading: Reading,
    first: BaseKey | undefined,
    base: Exclude<Scan['base'], 'exact' | undefined>,
    isClipped = true,
  ): readonly Bucket[] {
    const { window, timeline } = reading
    const { interval } = window
    if (interval.from >= interval.to) return []
    if (!Number.isFinite(interval.from) && first === undefined) return []
    const from = Number.isFinite(interval.from)
      ? timeline.at(interval.from)
      : timeline.at(baseStart(first ?? 0, base, window.zone))
    const key = `${window.process} ${timeline.step} ${from} ${isClipped}`
    let buckets = this.#buckets.get(key)
    if (buckets === undefined) {
      const last = timeline.at(interval.to - 1)
      const until = isClipped ? Math.min(last, timeline.at(window.now)) : last
      buckets = bucketsOf(this.#times, timeline, window, from, until)
      this.#buckets.set(key, buckets)
    }
    return buckets
  }

  /** The buckets of a process up to now, for rows that are filled. */
  filledBuckets(process: string): readonly Bucket[] {
    const input = this.#context.join.inputs.find(({ node }) => pickOf(node).input.window.process === process)
    if (input === undefined || this.#grain === undefined) return []
    const scan = pickOf(input.node).input
    const steps = { pick: pickOf(input.node), period: undefined, shifts: [], fill: undefined }
    const reading = new Reading(steps, { ...scan.window, grain: this.#grain }, this.#context.question.calendars)
    const first = this.#firstData(scan)
    if (scan.base === 'exact') return []
    const now = reading.timeline.at(reading.window.now)
    return this.#bucketsFor(reading, first, scan.base ?? 'day').filter(({ positions }) => (positions[0] ?? 0) <= now)
  }

  /** The first bucket of what a scan gave, kept moments among it. */
  #firstData(scan: Scan): BaseKey | undefined {
    if (scan.base === undefined) return undefined
    const { groups, snapshots } = this.#tableOf(scan)
    const keys = [groups, ...snapshots.values()].flatMap((table) => table.keys.slice(0, 1))
    const first = keys.reduce(
      (least, column) => column.reduce<number>((a, b) => Math.min(a, Number(b)), least),
      Infinity,
    )
    return first === Infinity ? undefined : first
  }

  /** Grouped by time alone, a bucket whose days are missing is still a row: a day never disappears in silence. */
  #addMissing(reading: Reading): void {
    if (this.#times.length === 0 || this.#fields.length > 0 || this.#fold !== undefined) return
    const { request, input: scan } = reading.steps.pick
    if (scan.base === undefined || scan.base === 'exact') return
    const start = this.#firstMissing(scan, request)
    if (start === undefined) return
    const { base, window } = scan
    const known = this.#firstData(scan)
    const missing = baseAt(start, base, window.zone)
    const first = known === undefined ? missing : Math.min(known, missing)
    for (const bucket of this.#bucketsFor(reading, first, base)) {
      if (this.#worst(reading, this.#intervals(reading, bucket)) === 'missing') this.rows.at(bucket.keys)
    }
  }

  /** How final each row's bucket is for a series. */
  #finalityOf(reading: Reading, known: ReadonlyMap<string, Finality>): (row: number) => Finality {
    const { request, input } = reading.steps.pick
    // What may still follow keeps conversions open, however final the days are that were read.
    if (known.size === 0 && input.kind !== 'convert' && this.#context.finality.isFinal(input, request)) {
      return () => 'final'
    }
    const cache = new Map<string, Finality>(known)
    const whole = (): Finality =>
      this.#worst(reading, reading.window.interval.from >= reading.window.interval.to ? [] : reading.reads)
    if (this.#times.length === 0) {
      const one = known.get('') ?? whole()
      return () => one
    }
    let buckets: Map<string, Bucket> | undefined
    return (row) => {
      const keys = this.#timesOf(row)
      const identity = textOf(keys)
      let result = cache.get(identity)
      if (result === undefined) {
        buckets ??= new Map(this.#allBuckets(reading).map((bucket) => [textOf(bucket.keys), bucket]))
        const bucket = buckets.get(identity)
        const intervals = bucket === undefined ? this.#foreign(reading, keys) : this.#intervals(reading, bucket)
        result = this.#worst(reading, intervals)
        cache.set(identity, result)
      }
      return result
    }
  }

  /** What a series reads of a bucket that another process cut: hours of its zone may begin in the middle of ours. */
  #foreign({ window, timeline }: Reading, [key]: readonly Key[]): Interval[] {
    if (this.#times.length !== 1 || typeof key !== 'number' || timeline.step === 'day') return []
    const from = Math.max(key, window.interval.from)
    const to = Math.min(key + (timeline.step === 'hour' ? HOUR : MINUTE), window.interval.to)
    return from < to ? [{ from, to }] : []
  }

  /**
   * The buckets of everything that was read, whichever process had the first of it. The first of them begins before its
   * first data where that was not final yet.
   */
  #allBuckets(reading: Reading): readonly Bucket[] {
    const { input: scan, request } = reading.steps.pick
    const base = scan.base === undefined || scan.base === 'exact' ? 'day' : scan.base
    this.#start ??= this.#startOfAll()
    const open = scan.kind === 'aggregate' ? this.#context.finality.firstOpen(scan, request) : undefined
    const start = Math.min(
      this.#start,
      this.#firstMissing(scan, request) ?? Infinity,
      Math.max(open ?? Infinity, this.#startOfBucket(this.#start, reading.window.zone)),
    )
    const first = start === Infinity ? undefined : baseAt(start, base, reading.window.zone)
    // Events that bear a time to come have rows too.
    return this.#bucketsFor(reading, first, base, false)
  }

  /**
   * Where the bucket begins that holds an instant. Parts of dates come again and again, as do days that a calendar does
   * not know: they have no beginning.
   */
  #startOfBucket(instant: Instant, zone: string): Instant {
    const units = this.#times.flatMap(({ unit }) => (unit.kind === 'part' || unit.kind === 'calendar' ? [] : [unit]))
    return Math.max(...units.map((unit) => bucketAround(unit, instant, zone).from))
  }

  /** From where on something of a series may be missing; conversions also where what may follow is. */
  #firstMissing(scan: Scan, request: string): Instant | undefined {
    const { finality } = this.#context
    if (scan.kind === 'aggregate') return finality.firstMissing(scan, request)
    const { base, follow, within = 0 } = scan.conversion
    const before = finality.firstMissing(scan.from, base.id) ?? Infinity
    const after = finality.firstMissing(scan.follow, follow.id) ?? Infinity
    const first = Math.min(before, after - within)
    return first === Infinity ? undefined : Math.max(first, finality.start(scan.from, base.id))
  }

  /** The instant at which the first data of all processes begins. */
  #startOfAll(): Instant {
    const starts = this.#context.join.inputs.map(({ node }) => {
      const scan = pickOf(node).input
      const first = this.#firstData(scan)
      if (first === undefined || scan.base === undefined || scan.base === 'exact') return Infinity
      return baseStart(first, scan.base, scan.window.zone)
    })
    return Math.min(...starts)
  }

  #worst({ steps }: Reading, intervals: readonly Interval[]): Finality {
    const { finality } = this.#context
    const { request, input: scan } = steps.pick
    if (scan.kind === 'aggregate') return finality.of(scan, request, intervals)
    const { base, follow, within } = scan.conversion
    // Before the first base event that there can be nothing is followed.
    const start = finality.start(scan.from, base.id)
    const ends = intervals.flatMap(({ from, to }) =>
      to <= start ? [] : [{ from: Math.max(from, start), to: within === undefined ? Infinity : to + within }],
    )
    if (ends.length === 0) return 'final'
    const last = scan.follow.reads.at(-1)?.to ?? 0
    const seen = finality.of(scan.follow, follow.id, ends)
    // What may still follow is not final yet: days that have not come can not be.
    const open = ends.some(({ to }) => to > last) || within === undefined
    return worse(worse(finality.of(scan.from, base.id, intervals), seen), open ? 'provisional' : 'final')
  }

  #timesOf(row: number): Key[] {
    return this.#keys.flatMap((key, i) => (key.kind === 'time' ? [this.rows.columns[i]?.[row] ?? null] : []))
  }

  #timeKeys(groups: GroupTable, row: number, scan: Scan): Key[] {
    if (this.#times.length === 0 || scan.base === undefined || scan.base === 'exact') return []
    const base = Number(groups.keys[0]?.[row])
    const { base: grain, window } = scan
    return this.#times.map(({ unit }) => unitKey(unit, base, grain, window.zone))
  }

  /** The field keys that a row is shown under; undefined when its group is left out. */
  #fieldKeys(groups: GroupTable, row: number, scan: Scan, skipped = 0): readonly Key[] | undefined {
    const offset = (scan.base === undefined ? 0 : 1) + skipped
    const keys = this.#fields.map(({ key, index }): Key => {
      const cell = groups.keys[offset + index]?.[row] ?? null
      if (key.unit === undefined || cell === null) return cell
      const { bucket, type } = key.field
      if (bucket === undefined) return cell
      const zone = key.field.zone ?? scan.window.zone
      return unitKey(key.unit, Number(cell), type === 'date' || key.field.time !== undefined ? bucket : 'day', zone)
    })
    return this.#fold === undefined ? keys : this.#fold(keys)
  }

  /** Time and field keys in the order of the question. */
  #assemble(times: readonly Key[], fields: readonly Key[]): Key[] {
    let time = 0
    let field = 0
    return this.#keys.map((key) => (key.kind === 'time' ? times[time++] : fields[field++]) ?? null)
  }
}

function requestOf(scan: Aggregate, id: string): Aggregate['requests'][number] {
  const request = scan.requests.find((each) => each.id === id)
  if (request === undefined) throw new TypeError(`the scan lacks ${id}`)
  return request
}

/** The states of one group, in order of time. */
interface Line {
  readonly fields: readonly Key[]
  readonly bases: readonly BaseKey[]
  readonly states: readonly unknown[]
}

function firstBase(lines: readonly Line[]): BaseKey | undefined {
  let least: BaseKey | undefined
  for (const { bases } of lines) {
    const [first] = bases
    if (first !== undefined && (least === undefined || first < least)) least = first
  }
  return least
}

/**
 * Merges the states of stretches of a line. A stretch that begins where the one before began and ends later is that one
 * and what came since: windows to date and of all time take one step a bucket.
 */
class Folder {
  readonly #line: Line
  readonly #column: StateColumn
  #from = -1
  #to = -1
  #state: unknown

  constructor(line: Line, column: StateColumn) {
    this.#line = line
    this.#column = column
  }

  /** The state of all stretches, both ends inclusive; undefined when none of them has a state. */
  fold(stretches: readonly (readonly [BaseKey, BaseKey])[]): unknown {
    let state: unknown
    for (const [first, last] of stretches) {
      const part = this.#stretch(lowerBound(this.#line.bases, first), lowerBound(this.#line.bases, last, true))
      if (part !== undefined) state = state === undefined ? part : this.#column.aggregate.merge(state, part)
    }
    return state
  }

  #stretch(from: number, to: number): unknown {
    if (from >= to) return undefined
    const continues = from === this.#from && to >= this.#to
    let state = continues ? this.#state : undefined
    for (let i = continues ? this.#to : from; i < to; i++) {
      const next = this.#line.states[i]
      state = state === undefined ? next : this.#column.aggregate.merge(state, next)
    }
    this.#from = from
    this.#to = to
    this.#state = state
    return state
  }
}

/** The first place whose value is at least (with `behind`: more than) the given one. */
function lowerBound(sorted: readonly number[], value: number, behind = false): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    const at = sorted[middle] ?? 0
    if (behind ? at <= value : at < value) low = middle + 1
    else high = middle
  }
  return low
}

function merged({ aggregate }: StateColumn, states: readonly unknown[]): unknown {
  return states.reduce((a, b) => aggregate.merge(a, b))
}

function finishOne({ aggregate }: StateColumn, state: unknown): Value | undefined {
  return state === undefined ? undefined : aggregate.finish(state)
}

/** The mean of the values that are there, as a double. */
function averageOf(values: readonly (Value | undefined)[]): Value | undefined {
  const numbers = values.flatMap((value) => {
    const number = value === undefined ? null : asDouble(value)
    return number === null ? [] : [number]
  })
  // Rows whose values are all null are rows.
  if (numbers.length === 0) return values.some((value) => value !== undefined) ? null : undefined
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

function asDouble(value: Value): number | null {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return null
  return typeof value === 'object' ? Number(value.units) / 10 ** value.scale : Number(value)
}

function finish({ aggregate, cells }: StateColumn, size: number, single: boolean): (Value | undefined)[] {
  const absent = single ? aggregate.finish(aggregate.empty) : undefined
  return Array.from({ length: size }, (_, row) => {
    const state = cells[row]
    return state === undefined ? absent : aggregate.finish(state)
  })
}

function tooManyCells(): Fault {
  const message =
    'The windows of the question make too many cells; ask for a shorter range, a coarser grain or fewer groups.'
  return Fault.at([faultDetail('OVER_BUDGET', '/metrics', message)])
}
