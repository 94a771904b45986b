import { MINUTE, startOf } from '../../oracle/calendar.ts'
import { isExact, type Measured, order, readExact } from '../../oracle/exact.ts'
import type { Asked, Catalog, Fact, Filter, GrainText, User, World } from '../model.ts'
import { aggregate } from './aggregate.ts'
import { asNumber, type Leaf } from './columns.ts'
import { Days, type Finality, worse } from './days.ts'
import { compareKey, compareWith, isJoined, isOnTime, type Key, type Verdict, verdict } from './filters.ts'
import { type BucketRead, type Interval, partsOf, readsOf, type TimeOf } from './reading.ts'
import { floorTo, type Label, labelAt, next, partAt, positionOf, type Step, spanOf, type Timing } from './spans.ts'
import { edge, type Window, windowOf } from './window.ts'

/** A group key of the answer. */
export type KeySpec =
  | {
      readonly kind: 'time'
      readonly name: string
      readonly grain: GrainText | undefined
      readonly part: string | undefined
    }
  | { readonly kind: 'field'; readonly name: string; readonly read: (fact: Fact, timing: Timing) => Key }

export interface Cells {
  /** By the text of the keys. */
  readonly values: ReadonlyMap<string, { readonly keys: readonly Key[]; readonly value: Measured }>
  /** Of a bucket, by the text of its time keys. */
  finality(bucket: string): Finality
  /** Time keys of each bucket that has begun, in order. */
  readonly buckets: readonly (readonly Label[])[]
}

export type Fold = (keys: readonly Key[]) => readonly Key[]

export const textOf = (keys: readonly Key[]): string => JSON.stringify(keys)

/** Computes leaves of one world by looping over buckets and rows. */
export class Evaluator {
  readonly question: Asked
  readonly #catalog: Catalog
  readonly #now: number
  readonly #days: ReadonlyMap<string, Days>
  readonly #users: ReadonlyMap<number, User>

  constructor({ dataset, moment, catalog, question }: World) {
    this.question = question
    this.#catalog = catalog
    this.#now = dataset.now
    this.#days = new Map(dataset.processes.map((process) => [process.name, new Days(process, moment, dataset.now)]))
    this.#users = new Map(dataset.users.map((user) => [user.key, user]))
  }

  days(process: string): Days {
    const days = this.#days.get(process)
    if (days === undefined) throw new RangeError(`there is no ${process}`)
    return days
  }

  evaluate(leaf: Leaf, keys: readonly KeySpec[], fold: Fold = (each) => each): Cells {
    const days = this.days(leaf.process)
    const times = keys.flatMap((key) => (key.kind === 'time' ? [key] : []))
    const window = windowOf(this.question, days)
    const timing: Timing = { zone: window.zone, step: stepOf(leaf, times), catalog: this.#catalog }
    const of: TimeOf = { window, timing, now: this.#now, grains: times.map(({ grain }) => grain) }
    const buckets = this.#buckets(times, of)
    const values = new Map<string, { keys: readonly Key[]; value: Measured }>()
    const finality = new Map<string, Finality>()
    const credited = leaf.file.conversion === undefined ? undefined : this.#credited(leaf, window, timing)
    for (const { labels, positions } of buckets) {
      const reads = readsOf(positions, leaf, of)
      const groups = new Map<string, { keys: readonly Key[]; values: Measured[] }>()
      let worst: Finality = this.#filterFinality(leaf)
      for (const read of reads) {
        const { facts, finality: own } = this.#factsOf(leaf, read, timing, days, credited)
        worst = worse(worst, own)
        const found = Map.groupBy(facts, (fact) => textOf(this.#keysOf(fact, labels, keys, timing, fold)))
        for (const [text, group] of found) {
          const [one] = group
          if (one === undefined) continue
          const cell = groups.get(text) ?? { keys: this.#keysOf(one, labels, keys, timing, fold), values: [] }
          groups.set(text, cell)
          cell.values.push(aggregate(leaf.file, group, this.#timeOf(leaf)))
        }
      }
      for (const [text, group] of groups) {
        const averaged =
          reads.length === 1 && !this.#isAverage(leaf, of) ? (group.values[0] ?? null) : average(group.values)
        values.set(text, { keys: group.keys, value: averaged })
      }
      finality.set(textOf(labels), worst)
    }
    if (keys.length === 0 && values.size === 0) {
      values.set(textOf([]), { keys: [], value: aggregate(leaf.file, [], () => null) })
    }
    return {
      values,
      finality: (bucket) => finality.get(bucket) ?? 'final',
      buckets: buckets.map(({ labels }) => labels),
    }
  }

  #isAverage({ period }: Leaf, { grains }: TimeOf): boolean {
    return period !== undefined && grains.length > 0 && partsOf(period).at === 'average'
  }

  /** Positions of the range that have begun and that the conditions on time leave, by their labels. */
  #buckets(times: readonly Extract<KeySpec, { kind: 'time' }>[], { window, timing, now }: TimeOf) {
    const buckets = new Map<string, { labels: Label[]; positions: number[] }>()
    if (times.length === 0) buckets.set(textOf([]), { labels: [], positions: [] })
    const filters = (this.question.filters ?? []).filter(isOnTime)
    for (let at = positionOf(window.from, timing); at < window.to && at <= now; at = next(at, timing)) {
      if (!filters.every((filter) => verdict(filter, (leaf) => this.#onTime(leaf, at, timing)) === true)) continue
      const labels = times.map(({ grain, part }) =>
        part === undefined ? labelAt(at, grain ?? 'day', timing) : partAt(at, part, timing.zone),
      )
      const bucket = buckets.get(textOf(labels)) ?? { labels, positions: [] }
      buckets.set(textOf(labels), bucket)
      bucket.positions.push(at)
    }
    return [...buckets.values()]
  }

  #onTime(filter: Filter, instant: number, timing: Timing): Verdict {
    const { grain, part, op, values = [] } = filter
    if (part !== undefined) return compareKey(filter, partAt(instant, part, timing.zone))
    if (grain !== undefined) return compareKey(filter, labelAt(instant, grain, timing))
    return duringVerdict(op, values.map(String), instant, timing.zone)
  }

  #timeOf({ file }: Leaf): (fact: Fact) => number | null {
    return file.time === 'paid_at' ? ({ paid }) => paid : ({ at }) => at
  }

  #keysOf(fact: Fact, labels: readonly Label[], keys: readonly KeySpec[], timing: Timing, fold: Fold): readonly Key[] {
    let time = 0
    return fold(keys.map((key) => (key.kind === 'time' ? (labels[time++] ?? null) : key.read(fact, timing))))
  }

  /** The facts that a value is made of, read twice where an interval comes twice, and the worst day behind them. */
  #factsOf(leaf: Leaf, read: BucketRead, timing: Timing, days: Days, credited: Credited | undefined) {
    const timeOf = this.#timeOf(leaf)
    const filters = [...leaf.filters, ...(this.question.filters ?? []).filter((each) => !isOnTime(each))]
    const pass = (of: readonly Filter[]) => (fact: Fact) =>
      of.every((filter) => verdict(filter, (each) => this.#decide(each, fact, timing)) === true)
    const inside = (fact: Fact) => read.flatMap((each) => (holds(each, timeOf(fact)) ? [fact] : []))
    if (credited !== undefined) {
      const facts = days.facts.flatMap((fact) =>
        inside(fact).flatMap(() => new Array<Fact>(credited.counts.get(fact) ?? 0).fill(fact)),
      )
      return { facts, finality: this.#conversionFinality(leaf, read, days) }
    }
    const { snapshot } = leaf.file
    if (snapshot === undefined) {
      const facts = days.facts.filter(pass(filters)).flatMap(inside)
      return {
        facts,
        finality:
          leaf.file.time === undefined || read.length === 0 ? worstOf(read, days) : days.worstIn(-Infinity, Infinity),
      }
    }
    const own = days.facts.filter(pass(filters.filter((each) => !isJoined(each)))).flatMap(inside)
    const momentOf = (fact: Fact) => floorTo(Math.floor(fact.at / 1000), snapshot.grain, timing) ?? 0
    const sign = snapshot.keep === 'last' ? 1 : -1
    const kept = [
      ...Map.groupBy(own, (fact) => textOf(snapshot.by.map((field) => this.field(fact, field)))).values(),
    ].flatMap((group) => {
      const best = Math.max(...group.map((fact) => sign * momentOf(fact)))
      return group.filter((fact) => sign * momentOf(fact) === best)
    })
    const facts = kept.filter(pass(filters.filter(isJoined)))
    const [one] = kept
    if (snapshot.by.length > 0 || one === undefined) return { facts, finality: worstOf(read, days) }
    const moment = momentOf(one)
    let end = moment
    while ((floorTo(end, snapshot.grain, timing) ?? 0) === moment) end += 15 * MINUTE
    const decisive = read.map(({ from, to }) =>
      snapshot.keep === 'last' ? { from: Math.max(from, moment), to } : { from, to: Math.min(to, end) },
    )
    return {
      facts,
      finality: worstOf(
        decisive.filter(({ from, to }) => from < to),
        days,
      ),
    }
  }

  /** Base events of the range that pass all filters, by how many conversions are credited to them. */
  #credited(leaf: Leaf, window: Window, timing: Timing): Credited {
    const { conversion } = leaf.file
    if (conversion === undefined) throw new RangeError('a conversion')
    const base = this.#counted(conversion.base)
    const then = this.#counted(conversion.then)
    const outer = [...leaf.filters, ...(this.question.filters ?? []).filter((each) => !isOnTime(each))]
    const passes = (filters: readonly Filter[]) => (fact: Fact) =>
      filters.every((filter) => verdict(filter, (each) => this.#decide(each, fact, timing)) === true)
    const onTime = (this.question.filters ?? []).filter(isOnTime)
    const bases = this.days(base.process)
      .facts.filter(({ at }) => window.from * 1000 <= at && at < window.to * 1000)
      .filter(({ at }) =>
        onTime.every((f) => verdict(f, (each) => this.#onTime(each, Math.floor(at / 1000), timing)) === true),
      )
      .filter(passes([...base.filters, ...outer]))
    const counts = new Map<Fact, number>()
    const within = conversion.within === undefined ? Infinity : millisecondsOf(conversion.within) * 1000
    for (const event of this.days(then.process).facts.filter(passes(then.filters))) {
      const candidates = bases
        .filter((fact) => fact.at <= event.at && event.at - within < fact.at)
        .filter((fact) =>
          [conversion.entity, ...conversion.match].every((field) => {
            const [a, b] = [this.field(fact, field), this.field(event, field)]
            return a !== null && a === b
          }),
        )
        .toSorted((a, b) => a.at - b.at)
      const [first] = candidates
      const last = candidates.at(-1)
      if (first === undefined || last === undefined) continue
      const credit = conversion.credit === 'every' ? candidates : [conversion.credit === 'first' ? first : last]
      for (const fact of credit) counts.set(fact, (counts.get(fact) ?? 0) + 1)
    }
    return { counts }
  }

  /** A metric that counts rows, perhaps derived: its process and its own filters. */
  #counted(name: string): { process: string; filters: readonly Filter[] } {
    const model = this.#catalog.metrics.find(({ file }) => file.metric === name)
    if (model === undefined) throw new RangeError(name)
    const { file } = model
    if (file.from === undefined) return { process: model.process ?? '', filters: [] }
    const inner = this.#counted(file.from)
    const modifiers = (file.modifiers ?? []).flatMap((each) => this.#catalog.modifiers[inner.process]?.[each] ?? [])
    return { process: inner.process, filters: [...inner.filters, ...modifiers, ...(file.filters ?? [])] }
  }

  /** Every day up to the bucket's end and the window behind it; days to come are not final. */
  #conversionFinality(leaf: Leaf, read: BucketRead, days: Days): Finality {
    const { conversion } = leaf.file
    const then = this.days(this.#counted(conversion?.then ?? '').process)
    const within = conversion?.within === undefined ? Infinity : millisecondsOf(conversion.within)
    // What follows is looked for behind each day of the bucket, and not between days that are far apart.
    const behind = read.filter(({ from, to }) => from < to).map(({ from, to }) => ({ from, to: to + within }))
    const isAhead = behind.some(({ to }) => to > startOf(then.today, then.process.zone))
    const seen = behind.map(({ from, to }) => then.worstIn(from, to)).reduce(worse, 'final')
    return worse(worse(worstOf(read, days), seen), isAhead ? 'provisional' : 'final')
  }

  field(fact: Fact, field: string): Key {
    switch (field) {
      case 'channel':
      case 'region':
      case 'user':
      case 'flag':
      case 'size':
        return fact[field]
      case 'user.tier':
        return fact.user === null ? null : (this.#users.get(fact.user)?.tier ?? null)
      default:
        throw new RangeError(`the oracle does not know ${field}`)
    }
  }

  #decide(filter: Filter, fact: Fact, timing: Timing): Verdict {
    const { field = '', grain, part, op, values = [], metric } = filter
    if (metric !== undefined) return this.#ofEntity(filter, fact)
    if (field !== 'paid_at') return compareKey(filter, this.field(fact, field))
    if (op === 'isNull' || op === 'notNull') return compareKey(filter, fact.paid)
    if (fact.paid === null) return null
    const instant = fact.paid / 1000
    if (part !== undefined) return compareKey(filter, partAt(Math.floor(instant), part, timing.zone))
    if (grain !== undefined) return compareKey(filter, labelAt(Math.floor(instant), grain, timing))
    return duringVerdict(op, values.map(String), instant, timing.zone)
  }

  /** The metric of an entity over all there is; the question's own filters and range are not its. */
  #ofEntity({ metric = '', per = '', op, values = [], filters = [] }: Filter, fact: Fact): Verdict {
    const entity = this.field(fact, per)
    const model = this.#catalog.metrics.find(({ file }) => file.metric === metric)
    if (model === undefined) throw new RangeError(metric)
    const facts = this.days(model.process ?? '').facts.filter(
      (each) =>
        entity !== null &&
        this.field(each, per) === entity &&
        filters.every(
          (filter) => verdict(filter, (leaf) => compareKey(leaf, this.field(each, leaf.field ?? ''))) === true,
        ),
    )
    const value = facts.length === 0 ? null : aggregate(model.file, facts, ({ at }) => at)
    return compareMeasured(op, values, value)
  }

  /** Filters by entity read every day there is. */
  #filterFinality({ filters }: Leaf): Finality {
    const all = [...filters, ...(this.question.filters ?? [])]
    return all
      .flatMap(({ metric }) => this.#catalog.metrics.find(({ file }) => file.metric === metric) ?? [])
      .map(({ process }) => this.days(process ?? '').worstIn(-Infinity, Infinity))
      .reduce(worse, 'final')
  }
}

interface Credited {
  readonly counts: ReadonlyMap<Fact, number>
}

export function compareMeasured(
  op: string | undefined,
  values: readonly (string | number | boolean | null)[],
  value: Measured,
): Verdict {
  const against = (listed: unknown): number =>
    value === null ? 0 : isExact(value) ? order(value, readExact(String(listed))) : value - Number(listed)
  return compareWith(op, values, value === null, against, '')
}

/** A time against what texts name: `gt` is after all of it, `lt` before any of it. */
function duringVerdict(op: string | undefined, values: readonly string[], instant: number, zone: string): Verdict {
  const [first = [0, 0], second = first] = values.map((text) => edge(text, zone))
  const [from, to] = first
  switch (op) {
    case 'gt':
      return instant >= to
    case 'gte':
      return instant >= from
    case 'lt':
      return instant < from
    case 'lte':
      return instant < to
    case 'eq':
      return from <= instant && instant < to
    case 'ne':
      return instant < from || instant >= to
    default:
      return from <= instant && instant < second[1]
  }
}

function holds({ from, to }: Interval, microseconds: number | null): boolean {
  return microseconds !== null && from * 1000 <= microseconds && microseconds < to * 1000
}

function worstOf(read: BucketRead, days: Days): Finality {
  return read.map(({ from, to }) => (from < to ? days.worstIn(from, to) : 'final')).reduce(worse, 'final')
}

function average(values: readonly Measured[]): Measured {
  const there = values.flatMap((value) => (value === null ? [] : [asNumber(value)]))
  return there.length === 0 ? null : there.reduce((a, b) => a + b, 0) / there.length
}

function millisecondsOf(text: string): number {
  const { count, unit } = spanOf(text)
  return count * ({ minute: MINUTE, hour: 60 * MINUTE, day: 1440 * MINUTE, week: 7 * 1440 * MINUTE }[unit] ?? 0)
}

/** The coarsest positions that tell everything apart that is asked. */
function stepOf(
  { period, shifts }: Leaf,
  times: readonly { grain: GrainText | undefined; part: string | undefined }[],
): Step {
  const parts = period === undefined ? {} : partsOf(period)
  const texts = [
    ...times.flatMap(({ grain, part }) => [part ?? '', typeof grain === 'string' ? grain : (grain?.every ?? '')]),
    parts.trailing ?? '',
    parts.leading ?? '',
    ...shifts.map(({ offset }) => offset),
  ]
  return texts.some((text) => /hour/.test(text)) ? 'hour' : 'day'
}
