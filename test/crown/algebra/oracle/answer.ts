import { textOf as digitsOf, exact, isExact, type Measured, order } from '../../oracle/exact.ts'
import type { Cell, Table, Tolerances } from '../compare.ts'
import type { Asked, AskedDimension, Fact, FillParts, Filter, World } from '../model.ts'
import { asNumber, type Column, columnsOf, deltaOf, type Leaf, type MetricColumn, ratioOf } from './columns.ts'
import { type Finality, worse } from './days.ts'
import { type Cells, compareMeasured, Evaluator, type Fold, type KeySpec, textOf } from './evaluate.ts'
import { compareKey, isOnTime, type Key, orderKeys, verdict } from './filters.ts'
import { labelAt, partAt, type Timing } from './spans.ts'

/** What a question over a world must be answered, by the written semantics alone. */
export interface Expected {
  readonly table: Table | 'NOT_FINAL'
  readonly tolerances: Tolerances
  /** The semantics leave open which groups are the top ones: equal values at the edge. */
  readonly isOpen: boolean
}

interface Row {
  readonly keys: readonly Key[]
  readonly values: Measured[]
  readonly finalities: Finality[]
}

export function expectedAnswer(world: World): Expected {
  return new Answerer(world).answer()
}

const ROWS: Leaf = {
  key: 'rows',
  file: { metric: 'rows', agg: 'count' },
  process: 'visit',
  filters: [],
  period: undefined,
  shifts: [],
  fill: undefined,
}

class Answerer {
  readonly #question: Asked
  readonly #evaluator: Evaluator
  readonly #columns: readonly Column[]
  readonly #keys: readonly KeySpec[]
  #isOpen = false
  /** Of all that was read, shown or not. */
  #worstRead: Finality = 'final'

  constructor(world: World) {
    this.#question = world.question
    this.#evaluator = new Evaluator(world)
    this.#columns = columnsOf(world.question, world.catalog)
    this.#keys = keysOf(world.question, this.#evaluator)
  }

  answer(): Expected {
    const question = this.#question
    const fold = this.#topFold()
    const rows = this.#rows(this.#keys, fold)
    const passing = rows.filter((row) => this.#passes(row))
    const sorted = this.#sorted(passing)
    const { offset = 0, limit } = question
    const isRefused = question.finality === 'final' && worse(this.#worst(rows), this.#worstRead) !== 'final'
    const shown = question.finality === 'finalOnly' ? sorted.filter((row) => worstOf(row) === 'final') : sorted
    const page = shown.slice(offset, limit === undefined ? undefined : offset + limit)
    const table: Table = {
      columns: [...this.#keys.map(({ name }) => name), ...this.#names(), 'finality'],
      rows: page.map((row) => this.#plain(row)),
      totals: question.totals === true ? this.#totals() : undefined,
      subtotals: (question.subtotals ?? []).map((by) => this.#subtotal(typeof by === 'string' ? [by] : by)),
      truncated: shown.length > offset + page.length,
    }
    return { table: isRefused ? 'NOT_FINAL' : table, tolerances: this.#tolerances(), isOpen: this.#isOpen }
  }

  #names(): string[] {
    return this.#columns.flatMap(({ name }) =>
      this.#question.metricFinality === true ? [name, `${name}__finality`] : [name],
    )
  }

  #plain({ keys, values, finalities }: Row): Cell[] {
    const cells = values.flatMap((value, i) => [
      plainOf(value),
      ...(this.#question.metricFinality === true ? [finalities[i] ?? 'final'] : []),
    ])
    return [...keys.map(plainKey), ...cells, finalities.reduce(worse, 'final')]
  }

  #tolerances(): Tolerances {
    const own = this.#columns.flatMap((column) => {
      if (column.kind === 'metric')
        return column.tolerance === undefined ? [] : [[column.name, column.tolerance] as const]
      // A share is off by as much as both sides of it.
      if (column.kind !== 'share' || column.of.tolerance === undefined) return []
      return [[column.name, 2.05 * column.of.tolerance] as const]
    })
    return new Map(own)
  }

  /** Each column on its own, joined on all keys, filled and compared. */
  #rows(keys: readonly KeySpec[], fold: Fold | undefined, isWhole = false): Row[] {
    const metrics = metricsIn(this.#columns)
    const leaves = [...new Map(metrics.flatMap((each) => each.leaves).map((leaf) => [leaf.key, leaf])).values()]
    if (this.#columns.length === 0) leaves.push(ROWS)
    const cells = new Map(leaves.map((leaf) => [leaf.key, this.#evaluator.evaluate(leaf, keys, fold)]))
    const found = new Map<string, readonly Key[]>()
    for (const { values } of cells.values()) for (const [text, { keys: own }] of values) found.set(text, own)
    for (const { buckets, finality } of cells.values())
      for (const labels of buckets) this.#worstRead = worse(this.#worstRead, finality(textOf(labels)))
    this.#addMissing(found, keys, cells)
    if (!isWhole) this.#addSpines(found, keys, metrics, cells)
    const ordered = [...found.values()].toSorted((a, b) => orderAll(a, b))
    const filled = new Map(leaves.map((leaf) => [leaf.key, this.#filledCells(leaf, ordered, keys, cells, isWhole)]))
    const columns = new Map(metrics.map((each) => [each, this.#columnCells(each, ordered, keys, filled, isWhole)]))
    const rowsFinality = this.#columns.length === 0 ? filled.get(ROWS.key) : undefined
    const rows = ordered.map((own, row): Row => {
      const all = this.#columns.map((column) => cellOf(column, row, columns))
      return {
        keys: own,
        values: all.map(({ value }) => value),
        finalities:
          rowsFinality === undefined ? all.map(({ finality }) => finality) : [rowsFinality[row]?.finality ?? 'final'],
      }
    })
    for (const [i, column] of this.#columns.entries()) this.#analyse(column, i, rows, keys, columns)
    return rows
  }

  /** A bucket that misses a day does not disappear in silence. */
  #addMissing(found: Map<string, readonly Key[]>, keys: readonly KeySpec[], cells: ReadonlyMap<string, Cells>): void {
    if (keys.length === 0 || keys.some(({ kind }) => kind === 'field')) return
    for (const { buckets, finality } of cells.values())
      for (const labels of buckets) if (finality(textOf(labels)) === 'missing') found.set(textOf(labels), labels)
  }

  #addSpines(
    found: Map<string, readonly Key[]>,
    keys: readonly KeySpec[],
    metrics: readonly MetricColumn[],
    cells: ReadonlyMap<string, Cells>,
  ): void {
    if (!keys.some(({ kind }) => kind === 'time')) return
    const occurring = [...found.values()]
    const fills = metrics.flatMap(({ fill: whole, leaves: inputs, asked }) => [
      ...inputs.map((leaf) => ({ fill: leaf.fill, of: [leaf], asked })),
      { fill: whole, of: inputs, asked },
    ])
    for (const { fill, of, asked } of fills) {
      if (fill?.spine !== true) continue
      const own = of.flatMap((leaf) => cells.get(leaf.key) ?? [])
      for (const labels of own.flatMap(({ buckets }) => buckets)) {
        for (const row of this.#spineRows(labels, fill, keys, occurring, own, asked)) found.set(textOf(row), row)
      }
    }
  }

  #spineRows(
    labels: readonly Key[],
    fill: FillParts,
    keys: readonly KeySpec[],
    occurring: readonly (readonly Key[])[],
    own: readonly Cells[],
    asked: readonly Filter[],
  ): (readonly Key[])[] {
    const standing = (group: readonly Key[]) => {
      let time = 0
      return keys.map(({ kind }, i) => (kind === 'time' ? (labels[time++] ?? null) : (group[i] ?? null)))
    }
    const isTimeOnly = !keys.some(({ kind }) => kind === 'field')
    if (isTimeOnly) return [standing([])]
    if (fill.groups === 'each') return occurring.map(standing)
    const times = (row: readonly Key[]) => textOf(row.filter((_, i) => keys[i]?.kind === 'time'))
    const has = own.some(({ values }) => [...values.values()].some((cell) => times(cell.keys) === textOf(labels)))
    return has || !this.#allowsNulls(keys, asked) ? [] : [standing([])]
  }

  /** Filters of the question on grouped dimensions hold on filled rows, too. */
  #allowsNulls(keys: readonly KeySpec[], asked: readonly Filter[]): boolean {
    const grouped = new Set(keys.map(({ name }) => name))
    return [...(this.#question.filters ?? []), ...asked]
      .filter((filter) => !isOnTime(filter))
      .every(
        (filter) =>
          fieldsIn(filter).some((field) => !grouped.has(field)) ||
          verdict(filter, (leaf) => compareKey(leaf, null)) === true,
      )
  }

  #filledCells(
    leaf: Leaf,
    rows: readonly (readonly Key[])[],
    keys: readonly KeySpec[],
    cells: ReadonlyMap<string, Cells>,
    isWhole: boolean,
  ): Filled[] {
    const own = cells.get(leaf.key)
    const raw = rows.map((row): Filled => {
      const finality = own?.finality(timesOf(row, keys)) ?? 'final'
      const value = own?.values.get(textOf(row))?.value ?? null
      return { value: finality === 'missing' && this.#question.missing !== 'partial' ? null : value, finality }
    })
    return isWhole ? raw : fillCells(raw, leaf.fill, rows, keys, this.#question.missing === 'partial')
  }

  #columnCells(
    column: MetricColumn,
    rows: readonly (readonly Key[])[],
    keys: readonly KeySpec[],
    filled: ReadonlyMap<string, readonly Filled[]>,
    isWhole: boolean,
  ): Filled[] {
    const raw = rows.map((_, row): Filled => {
      const inputs = column.leaves.map((leaf) => filled.get(leaf.key)?.[row])
      const finality = inputs.map((input) => input?.finality ?? 'final').reduce(worse, 'final')
      if (finality === 'missing' && this.#question.missing !== 'partial') return { value: null, finality }
      return { value: column.evaluate((leaf) => filled.get(leaf.key)?.[row]?.value ?? null), finality }
    })
    return isWhole ? raw : fillCells(raw, column.fill, rows, keys, this.#question.missing === 'partial')
  }

  /** Shares and ranks, over the whole answer. */
  #analyse(
    column: Column,
    index: number,
    rows: readonly Row[],
    keys: readonly KeySpec[],
    columns: ReadonlyMap<MetricColumn, readonly Filled[]>,
  ): void {
    if (column.kind === 'share') {
      const kept = keys.filter(({ name }) => column.within.includes(name))
      const own = (row: Row) => row.keys.filter((_, key) => column.within.includes(keys[key]?.name ?? ''))
      const wholes = this.#wholes(column.of, kept, rows.map(own))
      for (const [i, row] of rows.entries()) {
        const part = columns.get(column.of)?.[i] ?? { value: null, finality: 'final' }
        const whole = wholes.get(textOf(own(row)))
        row.values[index] = ratioOf(part.value, whole?.value ?? null)
        row.finalities[index] = worse(part.finality, whole?.finality ?? 'final')
      }
    }
    if (column.kind === 'rank') {
      const sign = column.direction === 'desc' ? 1 : -1
      const own = (i: number) => columns.get(column.by)?.[i]?.value ?? null
      const whole = (row: Row) => textOf(row.keys.filter((_, key) => column.within.includes(keys[key]?.name ?? '')))
      for (const [i, row] of rows.entries()) {
        const value = own(i)
        const peers = rows.flatMap((other, j) => (whole(other) === whole(row) ? [j] : []))
        const better = peers.filter((j) => own(j) !== null && sign * orderMeasured(own(j), value) > 0)
        row.values[index] = value === null ? null : exact(better.length + 1)
        row.finalities[index] = peers
          .map((j) => columns.get(column.by)?.[j]?.finality ?? 'final')
          .reduce(worse, 'final')
      }
    }
  }

  /** A column by fewer keys, for the groups that occur and those that are named. */
  #wholes(
    column: MetricColumn,
    keys: readonly KeySpec[],
    others: readonly (readonly Key[])[],
  ): ReadonlyMap<string, Filled> {
    const cells = new Map(column.leaves.map((leaf) => [leaf.key, this.#evaluator.evaluate(leaf, keys)]))
    const found = new Map(others.map((each) => [textOf(each), each]))
    for (const { values } of cells.values()) for (const [text, { keys: own }] of values) found.set(text, own)
    const rows = [...found.values()]
    const filled = new Map(column.leaves.map((leaf) => [leaf.key, this.#filledCells(leaf, rows, keys, cells, true)]))
    const values = this.#columnCells(column, rows, keys, filled, true)
    return new Map(rows.map((row, i) => [textOf(row), values[i] ?? { value: null, finality: 'final' }]))
  }

  /** Keeps the n best groups of the whole question, and folds or leaves out the rest. */
  #topFold(): Fold | undefined {
    const { top } = this.#question
    if (top === undefined) return undefined
    const fields = this.#keys.filter(({ kind }) => kind === 'field')
    const by = metricsIn(this.#columns).find(({ name }) => name === top.by)
    if (by === undefined) throw new RangeError(top.by)
    const groups = this.#rows(fields, undefined, true).map(({ keys }) => keys)
    const sign = top.direction === 'desc' ? -1 : 1
    const ranked = [...this.#wholes(by, fields, groups)].toSorted(([, a], [, b]) => orderValues(a.value, b.value, sign))
    const [last, after] = [ranked[top.n - 1], ranked[top.n]]
    if (last !== undefined && after !== undefined && orderMeasured(last[1].value, after[1].value) === 0)
      this.#isOpen = true
    const kept = new Set(ranked.slice(0, top.n).map(([text]) => text))
    return (keys) => {
      const group = keys.filter((_, i) => this.#keys[i]?.kind === 'field')
      if (kept.has(textOf(group))) return keys
      return keys.map((key, i) => {
        const spec = this.#keys[i]
        if (spec?.kind !== 'field') return key
        if (!top.others) return LEFT_OUT
        return ['channel', 'region', 'user.tier'].includes(spec.name) ? 'others' : null
      })
    }
  }

  #passes({ keys, values }: Row): boolean {
    if (keys.includes(LEFT_OUT)) return false
    const names = this.#columns.map(({ name }) => name)
    return (this.#question.having ?? []).every(
      (filter) =>
        verdict(filter, ({ field = '', op, values: listed = [] }) =>
          compareMeasured(op, listed, values[names.indexOf(field)] ?? null),
        ) === true,
    )
  }

  #sorted(rows: readonly Row[]): Row[] {
    const { order: by = [] } = this.#question
    const names = [...this.#keys.map(({ name }) => name), ...this.#columns.map(({ name }) => name)]
    const read = (row: Row, name: string) => {
      const at = names.indexOf(name)
      return at < row.keys.length ? { key: row.keys[at] ?? null } : { value: row.values[at - row.keys.length] ?? null }
    }
    const asked = [...by.map(({ field, direction }) => [field, direction === 'desc' ? -1 : 1] as const)]
    const ties = names.map((name) => [name, 1] as const)
    return rows.toSorted((a, b) => {
      for (const [name, sign] of [...asked, ...ties]) {
        const [x, y] = [read(a, name), read(b, name)]
        const compared =
          'key' in x
            ? orderNullsLast(x.key, 'key' in y ? y.key : null, sign)
            : orderValues(x.value, 'value' in y ? y.value : null, sign)
        if (compared !== 0) return compared
      }
      return 0
    })
  }

  #totals(): Cell[] {
    const [row] = this.#rows([], undefined, true)
    if (row === undefined) throw new RangeError('without keys there is one row')
    const told = this.#told()
    return [
      ...told.map((i) => plainOf(row.values[i] ?? null)),
      told.map((i) => row.finalities[i] ?? 'final').reduce(worse, 'final'),
    ]
  }

  /** Shares and ranks have no total. */
  #told(): number[] {
    return this.#columns.flatMap(({ kind }, i) => (kind === 'share' || kind === 'rank' ? [] : [i]))
  }

  #subtotal(by: readonly string[]) {
    const keys = this.#keys.filter(({ name }) => by.includes(name))
    const told = this.#told()
    const rows = this.#rows(keys, undefined, true)
    const sorted = rows.toSorted((a, b) => orderAll(a.keys, b.keys))
    return {
      columns: [...keys.map(({ name }) => name), ...told.map((i) => this.#columns[i]?.name ?? ''), 'finality'],
      rows: sorted.map((row) => [
        ...row.keys.map(plainKey),
        ...told.map((i) => plainOf(row.values[i] ?? null)),
        told.map((i) => row.finalities[i] ?? 'final').reduce(worse, 'final'),
      ]),
    }
  }

  #worst(rows: readonly Row[]): Finality {
    return rows.map(worstOf).reduce(worse, 'final')
  }
}

interface Filled {
  readonly value: Measured
  readonly finality: Finality
}

const LEFT_OUT = '\u0000left out'

function worstOf(row: Row): Finality {
  return row.finalities.reduce(worse, 'final')
}

function metricsIn(columns: readonly Column[]): MetricColumn[] {
  return columns.flatMap((column) => {
    if (column.kind === 'metric') return [column]
    if (column.kind === 'share') return [column.of]
    return column.kind === 'rank' ? [column.by] : []
  })
}

function cellOf(column: Column, row: number, columns: ReadonlyMap<MetricColumn, readonly Filled[]>): Filled {
  const at = (of: MetricColumn): Filled => columns.get(of)?.[row] ?? { value: null, finality: 'final' }
  if (column.kind === 'metric') return at(column)
  if (column.kind === 'share' || column.kind === 'rank') return { value: null, finality: 'final' }
  const [a, b] = [at(column.of), at(column.to)]
  return {
    value: column.kind === 'delta' ? deltaOf(a.value, b.value) : ratioOf(a.value, b.value),
    finality: worse(a.finality, b.finality),
  }
}

/** What an empty cell holds; a missing one stays empty. A value carried forward brings how final it was. */
function fillCells(
  raw: readonly Filled[],
  fill: FillParts | undefined,
  rows: readonly (readonly Key[])[],
  keys: readonly KeySpec[],
  isPartial: boolean,
): Filled[] {
  const value = fill?.value ?? null
  if (value === null) return [...raw]
  if (typeof value === 'number')
    return raw.map((cell) =>
      cell.value === null && cell.finality !== 'missing' ? { ...cell, value: exact(value) } : cell,
    )
  const carried = new Map<string, Filled>()
  return raw.map((cell, i) => {
    const group = textOf((rows[i] ?? []).filter((_, key) => keys[key]?.kind === 'field'))
    const before = carried.get(group)
    if (cell.value !== null || before === undefined) {
      if (cell.value !== null) carried.set(group, cell)
      return cell
    }
    const finality = worse(cell.finality, before.finality)
    carried.set(group, { value: before.value, finality })
    const isShown = finality !== 'missing' || (isPartial && cell.finality !== 'missing')
    return { value: isShown ? before.value : null, finality }
  })
}

function timesOf(row: readonly Key[], keys: readonly KeySpec[]): string {
  return textOf(row.filter((_, i) => keys[i]?.kind === 'time'))
}

function fieldsIn(filter: Filter): string[] {
  const { field, per, and = [], or = [], not } = filter
  const own = [field, per].flatMap((each) => each ?? [])
  return [...own, ...[...and, ...or, ...(not === undefined ? [] : [not])].flatMap(fieldsIn)]
}

function keysOf(question: Asked, evaluator: Evaluator): KeySpec[] {
  const { grain } = question.time ?? {}
  return [
    ...(grain === undefined ? [] : [{ kind: 'time', name: 'time', grain, part: undefined } as const]),
    ...(question.dimensions ?? []).map((each) => keyOf(each, evaluator)),
  ]
}

function keyOf(asked: AskedDimension, evaluator: Evaluator): KeySpec {
  if (typeof asked === 'string') return { kind: 'field', name: asked, read: (fact) => evaluator.field(fact, asked) }
  const { field, grain, part } = asked
  const how = part ?? (typeof grain === 'string' ? grain : 'every')
  const name = asked.as ?? `${field}__${how}`
  if (field === 'time') return { kind: 'time', name, grain, part }
  const read = ({ paid }: Fact, timing: Timing): Key => {
    if (paid === null) return null
    const instant = Math.floor(paid / 1000)
    return part === undefined ? labelAt(instant, grain ?? 'day', timing) : partAt(instant, part, timing.zone)
  }
  return { kind: 'field', name, read }
}

function plainKey(key: Key): Cell {
  return typeof key === 'number' ? String(key) : key
}

function plainOf(value: Measured): Cell {
  return isExact(value) ? digitsOf(value) : value
}

function orderAll(a: readonly Key[], b: readonly Key[]): number {
  for (const [i, key] of a.entries()) {
    const compared = orderNullsLast(key, b[i] ?? null, 1)
    if (compared !== 0) return compared
  }
  return 0
}

function orderNullsLast(a: Key, b: Key, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  return sign * orderKeys(a, b)
}

function orderValues(a: Measured, b: Measured, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  return sign * orderMeasured(a, b)
}

/** Nulls are the least. */
function orderMeasured(a: Measured, b: Measured): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1
  return isExact(a) && isExact(b) ? order(a, b) : asNumber(a) - asNumber(b)
}
