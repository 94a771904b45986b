import { Fault, faultDetail } from '../base/faults.ts'
import { type Finality, worse } from '../base/finality.ts'
import { type Grain, HOUR, type Instant, type Interval } from '../base/time.ts'
import type { AtomicMetric } from '../catalog/catalog.ts'
import { type Join, pickOf, type Scan } from '../plan/logical.ts'
import { Reading } from '../plan/reading.ts'
import { type SeriesSteps, stepsOf } from '../plan/series.ts'
import type { QuestionKey, ResolvedQuestion, Window } from '../query/resolved.ts'
import { type BaseKey, baseAt, baseOf, baseStart, bucketAround, meet, nextBase, unitKey } from '../query/timeUnit.ts'
import { type Bucket, bucketsOf, holdsAt, lastBegun, type TimeKey } from './buckets.ts'
import type { FinalityMap } from './finality.ts'
import type { GroupTable, StateColumn } from './groups.ts'
import { Rows, textOf } from './rows.ts'
import { keepMoments } from './snapshot.ts'
import { asNumber, type Key, type Value } from './value.ts'

/** Rows of a snapshot, which bear the moments that were kept. */
export interface KeptTable {
  readonly snapshot: NonNullable<AtomicMetric['snapshot']>
  readonly groups: GroupTable
}

/** What was read, scan by scan. */
export interface ScanTable {
  readonly groups: GroupTable
  /** By request. */
  readonly snapshots: ReadonlyMap<string, KeptTable>
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
  #start: Instant | undefined
  /** The bucket of each row, as far as it was asked for: every series asks for it. */
  readonly #rowBuckets: string[] = []

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
    const column = columnOf(groups, request)
    const inRange = this.#inRange(scan, reading)
    const isAsRead = inRange === undefined && isDistinct && this.#isAsRead(scan)
    if (isAsRead && this.rows.adopt(groups.keys, groups.size))
      return column.cells.map((state) => finishOne(column, state))
    const states = new Map<number, unknown>()
    for (const [row, state] of column.cells.entries()) {
      if (state === undefined || inRange?.(Number(groups.keys[0]?.[row])) === false) continue
      const fields = this.#fieldKeys(groups, row, scan)
      if (fields === undefined) continue
      mergeInto(states, this.rows.at(this.#assemble(this.#timeKeys(groups, row, scan), fields)), state, column)
    }
    return this.#finished(column, states)
  }

  /** True when the keys of a table are those of the rows: nothing is derived, folded or left out. */
  #isAsRead(scan: Scan): boolean {
    const own = this.#keys.map(({ unit }) => (unit?.kind === 'grain' ? unit.grain : unit?.kind))
    const fields = this.#context.question.keys.filter(({ kind }) => kind === 'field')
    const read = [...(scan.base === undefined ? [] : [scan.base]), ...fields.map(() => undefined)]
    return this.#fold === undefined && !this.#isMoved(scan) && JSON.stringify(own) === JSON.stringify(read)
  }

  /** Values of rows; without keys there is one, also of nothing. */
  #finished(column: StateColumn, states: ReadonlyMap<number, unknown>): (Value | undefined)[] {
    const { aggregate } = column
    const values: (Value | undefined)[] = this.rows.width === 0 ? [aggregate.finish(aggregate.empty)] : []
    for (const [at, state] of states) values[at] = aggregate.finish(state)
    return values
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
    const { interval, days, zone } = window
    const isWhole = scan.reads.every(({ from, to }) => from >= interval.from && to <= interval.to)
    if (scan.base === undefined || (isWhole && days.length === 0)) return undefined
    const base = grainOf(scan)
    const [lowest, highest] = endsOf(interval, base, zone)
    const isOnDays = (key: BaseKey): boolean =>
      days.every((condition) => holdsAt(condition, timeline.at(startOf(key, base, zone)), timeline) === true)
    return (key) => key >= lowest && key <= highest && isOnDays(key)
  }

  /** Windows and shifts: the states of each group in order of time, and for each bucket those that it reads. */
  #moved(groups: GroupTable, reading: Reading): (Value | undefined)[] {
    const { request, input: scan } = reading.steps.pick
    const column = columnOf(groups, request)
    const lines = this.#lines(groups, column, scan)
    const values = this.#finished(column, new Map())
    const reads = this.#readsOf(reading, lines)
    if (reads.length * lines.length > MOST_CELLS) throw tooManyCells()
    for (const line of lines) {
      const folder = new Folder(line, column)
      for (const { keys, together, averaged } of reads) {
        const value =
          averaged === undefined
            ? finishOne(column, folder.fold(together))
            : averageOf(averaged.map((each) => finishOne(column, folder.fold(each))))
        if (value !== undefined) values[this.rows.at(this.#assemble(keys, line.fields))] = value
      }
    }
    return values
  }

  /** The base buckets that each bucket reads; all of them where nothing is told apart by time. */
  #readsOf(reading: Reading, lines: readonly Line[]): readonly BucketRanges[] {
    const scan = reading.steps.pick.input
    if (scan.base === undefined) return [{ keys: [], together: [[-Infinity, Infinity]], averaged: undefined }]
    const base = grainOf(scan)
    const { zone } = reading.window
    const first = lines.flatMap(({ bases }) => bases).reduce((a, b) => Math.min(a, b), Infinity)
    const ranges = (intervals: readonly Interval[]) => intervals.map((each) => endsOf(each, base, zone))
    return this.#bucketsFor(reading, startOf(first, base, zone)).map(({ keys, positions }) => {
      const read = reading.of(positions)
      if (read.kind === 'together') return { keys, together: ranges(read.intervals), averaged: undefined }
      return { keys, together: [], averaged: read.intervals.map(ranges) }
    })
  }

  /** States of each group by base bucket, in order; what is folded together is merged. */
  #lines(groups: GroupTable, column: StateColumn, scan: Scan): Line[] {
    const lines = new Map<string, { fields: readonly Key[]; states: Map<BaseKey, unknown> }>()
    for (const [row, state] of column.cells.entries()) {
      const fields = state === undefined ? undefined : this.#fieldKeys(groups, row, scan)
      if (fields === undefined) continue
      const identity = textOf(fields)
      const line = lines.get(identity) ?? { fields, states: new Map<BaseKey, unknown>() }
      lines.set(identity, line)
      mergeInto(line.states, scan.base === undefined ? Infinity : Number(groups.keys[0]?.[row]), state, column)
    }
    return [...lines.values()].map(({ fields, states }) => {
      const bases = [...states.keys()].sort((a, b) => a - b)
      return { fields, bases, states: bases.map((base) => states.get(base)) }
    })
  }

  /** Only the rows of the last (first) moment of each bucket count. */
  #snapshot({ groups, snapshot }: KeptTable, reading: Reading, finality: Map<string, Finality>): (Value | undefined)[] {
    const { request, input: scan } = reading.steps.pick
    const base = scan.base === undefined ? undefined : grainOf(scan)
    const column = columnOf(groups, request)
    const { length } = snapshot.by
    const [moments = [], ...others] = base === undefined ? groups.keys : groups.keys.slice(1)
    const table = { bases: groups.keys[0], moments, by: others.slice(0, length), size: groups.size }
    const buckets = base === undefined ? [NO_TIME] : this.#allBuckets(reading)
    const states = new Map<number, unknown>()
    for (const bucket of buckets) {
      const intervals = base === undefined ? reading.reads : this.#intervals(reading, bucket)
      const { rows, moment } = keepMoments(table, intervals, base, reading.window.zone, snapshot.keep)
      const kept = this.#keptFinality(reading, intervals, length > 0 ? undefined : moment, snapshot)
      finality.set(textOf(bucket.keys), kept)
      for (const row of rows) {
        const state = column.cells[row]
        const fields = state === undefined ? undefined : this.#fieldKeys(groups, row, scan, 1 + length)
        if (fields !== undefined) mergeInto(states, this.rows.at(this.#assemble(bucket.keys, fields)), state, column)
      }
    }
    return this.#finished(column, states)
  }

  /** From the kept moment on, for a missing day there could hold a later one; all days where nothing was kept. */
  #keptFinality(
    reading: Reading,
    intervals: readonly Interval[],
    moment: Key | undefined,
    { keep, grain }: KeptTable['snapshot'],
  ): Finality {
    if (typeof moment !== 'number') return this.#worst(reading, intervals)
    const { zone } = reading.window
    const start = startOf(moment, grain, zone)
    // All rows of the first moment are kept, up to the end of its last day.
    const end = startOf(nextBase(moment, grain, zone), grain, zone)
    const cut = intervals.flatMap(({ from, to }) => {
      const part = keep === 'last' ? { from: Math.max(from, start), to } : { from, to: Math.min(to, end) }
      return part.from < part.to ? [part] : []
    })
    return this.#worst(reading, cut)
  }

  #intervals(reading: Reading, { positions }: Bucket): readonly Interval[] {
    if (!reading.isPlain) return reading.of(positions).intervals.flat()
    const { timeline, window } = reading
    const intervals: { from: Instant; to: Instant }[] = []
    for (const position of positions) {
      const each = {
        from: Math.max(timeline.start(position), window.interval.from),
        to: Math.min(timeline.start(timeline.next(position)), window.interval.to),
      }
      const last = intervals.at(-1)
      if (last?.to === each.from) last.to = each.to
      else intervals.push(each)
    }
    return intervals
  }

  /**
   * The buckets of the range of a series. Where the question named no range they begin with the base bucket that holds
   * `first`; with an infinite one there are none.
   */
  #bucketsFor(reading: Reading, first: Instant, isClipped = true): readonly Bucket[] {
    const { window, timeline } = reading
    const { interval } = window
    if (interval.from >= interval.to) return []
    const from = timeline.at(Number.isFinite(interval.from) ? interval.from : floorTo(first, reading))
    const key = `${window.process} ${timeline.step} ${from} ${isClipped}`
    let buckets = this.#buckets.get(key)
    if (buckets === undefined) {
      const last = timeline.at(interval.to - 1)
      const until = isClipped ? lastBegun(this.#times, timeline, window.now, from, last) : last
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
    return this.#bucketsFor(reading, this.#firstData(scan))
  }

  /** Where the first bucket of what a scan gave begins, kept moments among it; infinite where it gave nothing. */
  #firstData(scan: Scan): Instant {
    const { groups, snapshots } = this.#tableOf(scan)
    return this.#firstOf([groups, ...[...snapshots.values()].map((kept) => kept.groups)], scan)
  }

  #firstOf(tables: readonly GroupTable[], scan: Scan): Instant {
    const columns = tables.flatMap(({ keys }) => keys.slice(0, 1))
    const first = columns.reduce(
      (least, column) => column.reduce<number>((a, b) => Math.min(a, Number(b)), least),
      Infinity,
    )
    return startOf(first, grainOf(scan), scan.window.zone)
  }

  /** Grouped by time alone, a bucket whose days are missing is still a row: a day never disappears in silence. */
  #addMissing(reading: Reading): void {
    if (this.#times.length === 0 || this.#fields.length > 0 || this.#fold !== undefined) return
    const { request, input: scan } = reading.steps.pick
    const missing = this.#firstMissing(scan, request)
    if (missing === Infinity) return
    for (const bucket of this.#bucketsFor(reading, Math.min(missing, this.#firstData(scan)))) {
      if (this.#worst(reading, this.#intervals(reading, bucket)) === 'missing') this.rows.at(bucket.keys)
    }
  }

  /** How final each row's bucket is for a series. */
  #finalityOf(reading: Reading, known: ReadonlyMap<string, Finality>): (row: number) => Finality {
    const { request, input } = reading.steps.pick
    // What may still follow keeps conversions open, however final the days are that were read.
    if (input.kind !== 'convert' && this.#context.finality.isFinal(input, request)) return () => 'final'
    const cache = new Map<string, Finality>(known)
    if (this.#times.length === 0) {
      const one = known.get('') ?? this.#worst(reading, reading.reads)
      return () => one
    }
    let buckets: Map<string, Bucket> | undefined
    return (row) => {
      this.#rowBuckets[row] ??= textOf(this.#timesOf(row))
      const identity = this.#rowBuckets[row]
      let result = cache.get(identity)
      if (result === undefined) {
        buckets ??= this.#bucketsShown(reading)
        const bucket = buckets.get(identity)
        const intervals =
          bucket === undefined ? this.#foreign(reading, this.#timesOf(row)) : this.#intervals(reading, bucket)
        result = this.#worst(reading, intervals)
        cache.set(identity, result)
      }
      return result
    }
  }

  /** Buckets by their keys; where others are read than their own days, as far as they have come: so their values are read. */
  #bucketsShown(reading: Reading): Map<string, Bucket> {
    const begun = reading.isPlain ? [] : this.#allBuckets(reading, true)
    return new Map([...this.#allBuckets(reading), ...begun].map((bucket) => [textOf(bucket.keys), bucket]))
  }

  /** What a series reads of a bucket that another process cut: hours of its zone may begin in the middle of ours. */
  #foreign({ window: { interval } }: Reading, keys: readonly Key[]): Interval[] {
    const start = Number(keys[this.#times.findIndex(({ unit }) => unit.kind === 'grain' && unit.grain === 'hour')])
    const from = Math.max(start, interval.from)
    const to = Math.min(start + HOUR, interval.to)
    return from < to ? [{ from, to }] : []
  }

  /**
   * The buckets of everything that was read, whichever process had the first of it. The first of them begins before its
   * first data where that was not final yet.
   */
  #allBuckets(reading: Reading, isClipped = false): readonly Bucket[] {
    const { input: scan, request } = reading.steps.pick
    this.#start ??= this.#startOfAll()
    const open = scan.kind === 'aggregate' ? this.#context.finality.firstOpen(scan, request) : undefined
    const start = Math.min(
      this.#start,
      this.#firstMissing(scan, request),
      Math.max(open ?? Infinity, this.#startOfBucket(this.#start, reading.window.zone)),
    )
    // Events that bear a time to come have rows too.
    return this.#bucketsFor(reading, start, isClipped)
  }

  /**
   * Where the bucket begins that holds an instant. Parts of dates come again and again, as do days that a calendar does
   * not know: they have no beginning.
   */
  #startOfBucket(instant: Instant, zone: string): Instant {
    const units = this.#times.flatMap(({ unit }) => (unit.kind === 'part' || unit.kind === 'calendar' ? [] : [unit]))
    return Math.max(...units.map((unit) => bucketAround(unit, instant, zone).from))
  }

  /** From where on something of a series may be missing; conversions also where what may follow is. Infinite for nowhere. */
  #firstMissing(scan: Scan, request: string): Instant {
    const { finality } = this.#context
    if (scan.kind === 'aggregate') return finality.firstMissing(scan, request) ?? Infinity
    const { base, follow, within = 0 } = scan.conversion
    const before = finality.firstMissing(scan.from, base.id) ?? Infinity
    const after = finality.firstMissing(scan.follow, follow.id) ?? Infinity
    return Math.max(Math.min(before, after - within), finality.start(scan.from, base.id))
  }

  /** The instant at which the first data of all processes begins. */
  #startOfAll(): Instant {
    return Math.min(...this.#context.join.inputs.map(({ node }) => this.#firstData(pickOf(node).input)))
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
    const last = Math.max(...scan.follow.reads.map(({ to }) => to))
    const seen = finality.of(scan.follow, follow.id, ends)
    // What may still follow is not final yet: days that have not come can not be.
    const open = ends.some(({ to }) => to > last) || within === undefined
    return worse(worse(finality.of(scan.from, base.id, intervals), seen), open ? 'provisional' : 'final')
  }

  #timesOf(row: number): Key[] {
    return this.rows.keysOf(row).filter((_, i) => this.#keys[i]?.kind === 'time')
  }

  #timeKeys(groups: GroupTable, row: number, scan: Scan): Key[] {
    const base = Number(groups.keys[0]?.[row])
    return this.#times.map(({ unit }) => unitKey(unit, base, grainOf(scan), scan.window.zone))
  }

  /** The field keys that a row is shown under; undefined when its group is left out. */
  #fieldKeys(groups: GroupTable, row: number, scan: Scan, skipped = 0): readonly Key[] | undefined {
    const offset = (scan.base === undefined ? 0 : 1) + skipped
    const keys = this.#fields.map(({ key, index }): Key => {
      const cell = groups.keys[offset + index]?.[row] ?? null
      if (key.unit === undefined || cell === null) return cell
      return unitKey(key.unit, Number(cell), baseOf(key.unit), key.field.zone ?? scan.window.zone)
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

/** The one bucket where nothing is told apart by time. */
const NO_TIME: Bucket = { keys: [], positions: [] }

/** Base buckets, both ends inclusive. */
type BaseRange = readonly [BaseKey, BaseKey]

/** What a bucket reads: the states of some stretches together, or a value of each of some windows to be averaged. */
interface BucketRanges {
  readonly keys: readonly Key[]
  readonly together: readonly BaseRange[]
  readonly averaged: readonly (readonly BaseRange[])[] | undefined
}

/** The states of one group, in order of time. */
interface Line {
  readonly fields: readonly Key[]
  readonly bases: readonly BaseKey[]
  readonly states: readonly unknown[]
}

function columnOf(groups: GroupTable, request: string): StateColumn {
  const column = groups.states.get(request)
  if (column === undefined) throw new TypeError(`the scan lacks ${request}`)
  return column
}

/** By what rows of a scan are told apart in time, where they are. */
function grainOf({ base }: Scan): Grain {
  if (base === undefined || base === 'exact') throw new TypeError('a series is by buckets of time')
  return base
}

/** Where a base bucket begins; what is infinite stays so. */
function startOf(base: BaseKey, grain: Grain, zone: string): Instant {
  return Number.isFinite(base) ? baseStart(base, grain, zone) : base
}

function bucketAt(instant: Instant, grain: Grain, zone: string): BaseKey {
  return Number.isFinite(instant) ? baseAt(instant, grain, zone) : instant
}

/** Where the base bucket begins that holds an instant. */
function floorTo(instant: Instant, { steps, window }: Reading): Instant {
  const grain = grainOf(steps.pick.input)
  return startOf(bucketAt(instant, grain, window.zone), grain, window.zone)
}

/** The base buckets that an interval touches. */
function endsOf({ from, to }: Interval, grain: Grain, zone: string): BaseRange {
  return [bucketAt(from, grain, zone), bucketAt(to - 1, grain, zone)]
}

function mergeInto<K>(states: Map<K, unknown>, key: K, state: unknown, { aggregate }: StateColumn): void {
  const before = states.get(key)
  states.set(key, before === undefined ? state : aggregate.merge(before, state))
}

/**
 * Merges the states of stretches of a line. A stretch that begins where the one before began and ends later is that one
 * and what came since: windows to date and of all time take one step a bucket.
 */
class Folder {
  readonly #line: Line
  readonly #column: StateColumn
  #from = Number.NaN
  #to = Number.NaN
  #state: unknown

  constructor(line: Line, column: StateColumn) {
    this.#line = line
    this.#column = column
  }

  /** The state of all stretches, both ends inclusive; undefined when none of them has a state. */
  fold(stretches: readonly BaseRange[]): unknown {
    let state: unknown
    for (const [first, last] of stretches) {
      const part = this.#stretch(lowerBound(this.#line.bases, first), lowerBound(this.#line.bases, last, true))
      if (part !== undefined) state = state === undefined ? part : this.#column.aggregate.merge(state, part)
    }
    return state
  }

  #stretch(from: number, to: number): unknown {
    const continues = from === this.#from && to >= this.#to
    let state = continues ? this.#state : undefined
    for (let i = continues ? this.#to : from; i < to; i++) {
      const next = this.#line.states[i]
      state = state === undefined ? next : this.#column.aggregate.merge(state, next)
    }
    // What is to be continued is read once more with every bucket.
    if (continues && state !== undefined) state = this.#column.aggregate.settle?.(state) ?? state
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
    const at = Number(sorted[middle])
    if (behind ? at <= value : at < value) low = middle + 1
    else high = middle
  }
  return low
}

function finishOne({ aggregate }: StateColumn, state: unknown): Value | undefined {
  return state === undefined ? undefined : aggregate.finish(state)
}

/** The mean of the values that are there, as a double. */
function averageOf(values: readonly (Value | undefined)[]): Value | undefined {
  const numbers = values.flatMap((value) => {
    const number = value === undefined ? null : asNumber(value)
    return number === null ? [] : [number]
  })
  // Rows whose values are all null are rows.
  if (numbers.length === 0) return values.some((value) => value !== undefined) ? null : undefined
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

function tooManyCells(): Fault {
  const message =
    'The windows of the question make too many cells; ask for a shorter range, a coarser grain or fewer groups.'
  return Fault.at([faultDetail('OVER_BUDGET', '/metrics', message)])
}
