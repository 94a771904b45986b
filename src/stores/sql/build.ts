import { sql } from 'kysely'
import type { Catalog, SourceExpression } from '../../catalog/catalog.ts'
import { isSpread } from '../../catalog/recipe.ts'
import { fieldsOf } from '../../query/predicates.ts'
import type { Field, Predicate } from '../../query/resolved.ts'
import type { Slice, SliceMeasure } from '../../route/physical.ts'
import type { DialectName, Statement } from '../port.ts'
import type { Sql, SqlDialect } from './dialect.ts'
import { dialectOf } from './dialects.ts'
import {
  BASE_NAME,
  baseSql,
  bucketSql,
  expressionSql,
  type FactColumn,
  factsOf,
  keyName,
  MOMENT_NAME,
  needsTable,
  timeName,
} from './facts.ts'
import { factName, Joins } from './joins.ts'
import { type ColumnTypes, NO_TYPES, typeKey } from './numberKind.ts'
import { predicateSql } from './predicate.ts'
import { compileStatement } from './statement.ts'

/**
 * The statements of a slice. Most slices are one statement; a state whose values must travel one by one is one of its
 * own, because its rows are (group, value) and not groups; and so is a snapshot, which keeps rows of its own.
 */
export interface SliceStatement {
  readonly statement: Statement
  readonly slice: Slice
  /** Columns come in this order: the bucket if there is a base, the moment and `by`, the fields, presences, parts. */
  readonly measures: readonly StatementMeasure[]
  /** Rows are groups; else (group, value). */
  readonly isSpread: boolean
  /** The dimensions that moments are kept of; undefined when no moment travels. */
  readonly by: readonly Field[] | undefined
}

export interface StatementMeasure {
  readonly measure: SliceMeasure
  /** Index of the column that counts the rows under the measure's modifiers; undefined = every row counts. */
  readonly presence: number | undefined
  /** Indexes of the columns that hold the parts of its state. */
  readonly parts: readonly number[]
}

/** Rows a statement may ever return; one more is fetched to know that there are more. Never a limit below the merge. */
export const MOST_GROUPS = 1_000_000

/** Builds the statements of one slice for the dialect of its store; each ends there when it has one row more than `most`. */
export function buildStatements(
  slice: Slice,
  catalog: Catalog,
  dialectName: DialectName,
  types: ColumnTypes = NO_TYPES,
  most = MOST_GROUPS,
): SliceStatement[] {
  const dialect = dialectOf(dialectName)
  const repeats = slice.fields.some(({ isRelation }) => isRelation) || slice.measures.some(readsRelation(slice))
  const alone = (measure: SliceMeasure): boolean =>
    measure.travels === 'spread' || measure.request.metric.snapshot !== undefined || repeats
  const together = slice.measures.filter((measure) => !alone(measure))
  const groups = [...(together.length === 0 ? [] : [together]), ...slice.measures.filter(alone).map((each) => [each])]
  return groups.map((measures) => new SliceQuery(slice, measures, catalog, dialect, types, most).build())
}

function readsRelation({ filters }: Slice): (measure: SliceMeasure) => boolean {
  return ({ request }) =>
    [...filters, ...request.modifiers].some((predicate) =>
      [...fieldsOf(predicate)].some(({ isRelation }) => isRelation),
    )
}

const asColumn = (output: Sql, i: number): Sql => sql`${output} as ${sql.id(`column_${i}`)}`

/** How a row calls the sketch that it counts in, and its hash there. */
const SKETCH_NAME = 'sketch'
const HASH_NAME = 'hash'

/** One statement: facts inside, dimension tables joined to them, filters on attributes, grouping. */
class SliceQuery {
  readonly #slice: Slice
  readonly #measures: readonly SliceMeasure[]
  readonly #dialect: SqlDialect
  readonly #types: ColumnTypes
  readonly #most: number
  readonly #joins: Joins
  readonly #values: FactColumn[] = []
  /** Modifiers of all measures; else each stands in its own aggregate. */
  readonly #common: readonly Predicate[]
  readonly #isShared: boolean
  readonly #by: readonly Field[] | undefined
  /** The key whose hashes are counted in sketches. */
  #hashed: Sql | undefined

  constructor(
    slice: Slice,
    measures: readonly SliceMeasure[],
    catalog: Catalog,
    dialect: SqlDialect,
    types: ColumnTypes,
    most: number,
  ) {
    this.#slice = slice
    this.#measures = measures
    this.#dialect = dialect
    this.#types = types
    this.#most = most
    const snapshot = measures[0]?.request.metric.snapshot
    this.#by = snapshot?.by.map((dimension) => keyField(dimension, catalog))
    this.#isShared = new Set(measures.map(modifierSet)).size === 1
    this.#common = this.#isShared ? (measures[0]?.request.modifiers ?? []) : []
    this.#joins = new Joins(slice, catalog, dialect, this.#fieldsRead())
  }

  build(): SliceStatement {
    const spread = this.#measures[0]?.travels === 'spread'
    const { columns, measures } = spread ? this.#spreadColumns() : this.#stateColumns()
    const slice = this.#slice
    const groups = this.#joins.hasRelations ? this.#groups().map(asDistinct) : this.#groups()
    const keys = [...groups.map(({ of }) => of), ...(columns.spread === undefined ? [] : [columns.spread])]
    const outputs = [
      ...groups.map(({ of, output }) => output(of)),
      ...(columns.spread === undefined ? [] : [columns.spread]),
      ...columns.aggregates,
    ]
    const query = this.#select(outputs, keys)
    const all = this.#hashed !== undefined ? this.#inBlocks(query, outputs.length) : query
    const statement = compileStatement(sql`${all} limit ${sql.lit(this.#most + 1)}`, this.#dialect)
    return { statement, slice, measures, isSpread: spread, by: this.#by }
  }

  #select(outputs: readonly Sql[], keys: readonly Sql[]): Sql {
    const named = outputs.map(asColumn)
    const where = this.#condition(this.#outside())
    const rows = this.#widened(factsOf(this.#slice, this.#dialect, this.#factColumns(), this.#inside()))
    const relations = this.#joins.hasRelations
    const grouping = keys.length === 0 ? sql`` : sql` group by ${sql.join(this.#bindsKeys ? places(keys) : keys)}`
    const moment = this.#by === undefined ? [] : [sql`${sql.id('f', MOMENT_NAME)} = ${sql.id('f', 'kept')}`]
    const conditions = [...moment, ...(where === undefined ? [] : [where])]
    const condition = conditions.length === 0 ? sql`` : sql` where ${sql.join(conditions, sql` and `)}`
    const joined = sql`${rows} as f${this.#joins.clauses}${condition}`
    const from = relations ? this.#distinct(joined) : joined
    return sql`select ${sql.join(named)} from ${from}${grouping}`
  }

  /** Rows of (groups, register, rank) as rows of (groups, block, its registers): up to 64 in one. */
  #inBlocks(query: Sql, count: number): Sql {
    const column = (i: number): Sql => sql.id('s', `column_${i}`)
    const groups = Array.from({ length: count - 2 }, (_, i) => column(i))
    const { block, registers } = this.#dialect.block(column(count - 2), column(count - 1))
    const outputs = [...groups, block, registers].map(asColumn)
    return sql`select ${sql.join(outputs)} from (${query}) as s group by ${sql.join([...groups, block])}`
  }

  /** A key that binds a value is named by its place: PostgreSQL takes the same expression twice for two. */
  get #bindsKeys(): boolean {
    return this.#slice.fields.some(({ bucket, part }) => bucket !== undefined || part !== undefined)
  }

  /** Facts that a relation repeats, once in each group: what is counted and summed is never multiplied. */
  #distinct(joined: Sql): Sql {
    const columns = [
      ...this.#joins.unique.map((name) => sql.id('f', factName(name))),
      ...this.#groups().map(({ of }, i) => sql`${of} as ${sql.id(`group_${i}`)}`),
      ...this.#values.map(({ name }) => sql.id('f', name)),
      ...(this.#hashed === undefined ? [] : [sql.id('f', SKETCH_NAME), sql.id('f', HASH_NAME)]),
    ]
    return sql`(select distinct ${sql.join(columns)} from ${joined}) as f`
  }

  /** Facts; for a snapshot with the moment that is kept beside each row, for sketches once for each of them. */
  #widened(facts: Sql): Sql {
    const beside = [
      ...(this.#by === undefined ? [] : [this.#momentKept(this.#by)]),
      ...(this.#hashed === undefined
        ? []
        : [this.#dialect.hashes(this.#hashed, sql.id(SKETCH_NAME), sql.id(HASH_NAME))]),
    ]
    return beside.length === 0 ? sql`(${facts})` : sql`(select f.*, ${sql.join(beside)} from (${facts}) as f)`
  }

  #momentKept(by: readonly Field[]): Sql {
    const within = [
      ...(this.#slice.time.base === undefined ? [] : [sql.id('f', BASE_NAME)]),
      ...by.map(({ dimension }) => sql.id('f', keyName(dimension))),
    ]
    const partition = within.length === 0 ? sql`` : sql`partition by ${sql.join(within)}`
    const best = sql.raw(this.#measures[0]?.request.metric.snapshot?.keep === 'last' ? 'max' : 'min')
    return sql`${best}(${sql.id('f', MOMENT_NAME)}) over (${partition}) as ${sql.id('kept')}`
  }

  /** Keys that rows are grouped by, and how each is given out. */
  #groups(): { of: Sql; output: (of: Sql) => Sql }[] {
    const asIs = (of: Sql): Sql => of
    const snapshot = this.#measures[0]?.request.metric.snapshot
    const field = (each: Field) => ({
      of: this.#joins.column(each),
      output: (of: Sql) => (each.bucket === undefined ? this.#dialect.output(of, each.type) : of),
    })
    return [
      ...(this.#slice.time.base === undefined ? [] : [{ of: sql.id('f', BASE_NAME), output: asIs }]),
      ...(snapshot === undefined ? [] : [{ of: sql.id('f', MOMENT_NAME), output: asIs }]),
      ...(this.#by ?? []).map(field),
      ...this.#slice.fields.map(field),
    ]
  }

  get #keyCount(): number {
    const moment = this.#by === undefined ? 0 : 1 + this.#by.length
    return (this.#slice.time.base === undefined ? 0 : 1) + moment + this.#slice.fields.length
  }

  #stateColumns() {
    const aggregates: Sql[] = []
    const presences = new Map<string, number>()
    for (const measure of this.#measures) {
      const key = modifierSet(measure)
      const when = this.#when(measure)
      if (when === undefined || presences.has(key)) continue
      presences.set(key, this.#keyCount + aggregates.length)
      aggregates.push(this.#dialect.count(undefined, when))
    }
    const measures = this.#measures.map((measure): StatementMeasure => {
      const when = this.#when(measure)
      const parts = this.#partsOf(measure, when).map((part) => this.#keyCount + aggregates.push(part) - 1)
      return { measure, presence: when === undefined ? undefined : presences.get(modifierSet(measure)), parts }
    })
    return { columns: { spread: undefined, aggregates }, measures }
  }

  /** One row a group and value, the null value included, which tells that the group is there. */
  #spreadColumns() {
    const [measure] = this.#measures
    if (measure === undefined || !isSpread(measure.recipe)) throw new TypeError('a state is spread that is none')
    const of = this.#value(measure.recipe.of)
    const index = this.#keyCount
    const one = (spread: Sql, aggregates: readonly Sql[]) => ({
      columns: { spread, aggregates },
      measures: [{ measure, presence: undefined, parts: [index, ...aggregates.map((_, i) => index + 1 + i)] }],
    })
    const count = this.#dialect.count(undefined, undefined)
    switch (measure.recipe.kind) {
      case 'keys': {
        const kind = this.#types.get(typeKey(measure.recipe.of))
        if (kind?.kind !== 'integer' || !kind.inWords) return one(this.#dialect.keyText(of), [])
        const { index: word, bits } = this.#dialect.word(of)
        return one(word, [bits])
      }
      case 'values':
        return one(this.#dialect.keyText(of), [count])
      case 'buckets':
        return one(this.#dialect.histogramBucket(of), [count])
      case 'registers': {
        this.#hashed = of
        const { register, rank } = this.#dialect.register(sql.id('f', SKETCH_NAME), sql.id('f', HASH_NAME))
        return one(register, [rank])
      }
    }
  }

  /** A value of the facts, under a name of our own. */
  #value(of: SourceExpression | Sql): Sql {
    const name = `value_${this.#values.length}`
    this.#values.push({ name, of: 'kind' in of ? expressionSql(of) : of })
    return sql.id('f', name)
  }

  /** The aggregates that make up a state. */
  #partsOf({ request, recipe, travels }: SliceMeasure, when: Sql | undefined): readonly Sql[] {
    const dialect = this.#dialect
    const sum = (of: SourceExpression, whole: boolean): Sql => {
      const as = this.#types.get(typeKey(of))
      // What the store says of a column is surer than what the catalog declares, but for a float that is declared whole.
      return dialect.sum(this.#value(of), whole && as?.kind !== 'integer' ? 'whole' : as, when)
    }
    switch (recipe.kind) {
      case 'sum':
        return [sum(recipe.of, request.metric.type === 'integer')]
      case 'countSum':
        return [sum(recipe.of, true)]
      case 'sumBoolean':
        return [dialect.sumBoolean(this.#value(recipe.of), when)]
      case 'min':
        return [dialect.min(this.#value(recipe.of), when)]
      case 'max':
        return [dialect.max(this.#value(recipe.of), when)]
      case 'count':
        return [dialect.count(recipe.of === undefined ? undefined : this.#value(recipe.of), when)]
      case 'average': {
        const count =
          recipe.count === undefined ? dialect.count(this.#value(recipe.sum), when) : sum(recipe.count, true)
        return [sum(recipe.sum, false), count]
      }
      case 'variance':
        return dialect.variance(
          this.#value(recipe.of),
          this.#types.get(typeKey(recipe.of)),
          request.metric.floats,
          when,
        )
      case 'first':
      case 'last': {
        const { source, time } = this.#slice
        const at = time.other === undefined ? source.time : source.times.get(time.other.name)
        const tie = recipe.tie === undefined ? undefined : this.#value({ kind: 'column', column: recipe.tie })
        const moment = this.#value((at ?? source.time).expression)
        return dialect.end(recipe.kind, this.#value(recipe.of), moment, tie, when)
      }
      case 'keys':
        if (travels !== 'count') throw new TypeError(`${request.id} travels as keys and not as a state`)
        return [dialect.countDistinct(this.#value(recipe.of), when)]
      case 'registers':
      case 'values':
      case 'buckets':
        throw new TypeError(`${request.id} travels spread and not as a state`)
    }
  }

  /** What a measure's rows must fulfil beyond the statement's; for a snapshot its moments travel whatever holds. */
  #when(measure: SliceMeasure): Sql | undefined {
    if (this.#by !== undefined)
      return this.#condition([...this.#slice.filters, ...measure.request.modifiers].filter(needsTable))
    return this.#isShared ? undefined : this.#condition(measure.request.modifiers)
  }

  /** Conditions among the facts besides the slice's own. */
  #inside(): readonly Predicate[] {
    return this.#common
  }

  /** Conditions on joined rows. */
  #outside(): readonly Predicate[] {
    if (this.#by !== undefined) return []
    const filters = [...this.#slice.filters, ...this.#common].filter(needsTable)
    if (this.#isShared || this.#measures.some(({ request }) => request.modifiers.length === 0)) return filters
    // With modifiers on every measure, rows that none of them counts need not be read.
    const items = this.#measures.map(({ request }): Predicate => ({ kind: 'all', items: request.modifiers }))
    return [...filters, { kind: 'any', items }]
  }

  #condition(predicates: readonly Predicate[]): Sql | undefined {
    if (predicates.length === 0) return undefined
    const { source, time } = this.#slice
    const columns = {
      column: (field: Field) => this.#joins.column(field),
      time: (field: Field) => {
        const at = field.time === undefined || field.time === 'time' ? source.time : source.times.get(field.time)
        const zone = field.zone ?? time.zone
        return { of: sql.id('f', timeName(field.time ?? 'time')), grain: (at ?? source.time).grain, zone }
      },
    }
    return predicateSql({ kind: 'all', items: predicates }, columns, this.#dialect)
  }

  /** Every field that the statement reads outside of the facts. */
  #fieldsRead(): Field[] {
    const modifiers = this.#measures.flatMap(({ request }) => request.modifiers)
    const outside = this.#isShared ? modifiers.filter(needsTable) : modifiers
    const predicates = [...this.#slice.filters.filter(needsTable), ...outside]
    return [...this.#slice.fields, ...(this.#by ?? []), ...predicates.flatMap((each) => [...fieldsOf(each)])]
  }

  #factColumns(): FactColumn[] {
    const slice = this.#slice
    const base = baseSql(slice, this.#dialect)
    const snapshot = this.#measures[0]?.request.metric.snapshot
    const moment = snapshot && bucketSql(slice.source.time, snapshot.grain, slice.time, this.#dialect)
    return [
      ...(base === undefined ? [] : [{ name: BASE_NAME, of: base }]),
      ...(moment === undefined ? [] : [{ name: MOMENT_NAME, of: moment }]),
      ...this.#joins.factColumns(this.#fieldsRead()),
      ...this.#values,
    ]
  }
}

function places(keys: readonly Sql[]): Sql[] {
  return keys.map((_, i) => sql`${sql.lit(i + 1)}`)
}

/** A group as the distinct rows of facts and relations call it. */
function asDistinct<T extends { of: Sql }>(group: T, index: number): T {
  return { ...group, of: sql.id('f', `group_${index}`) }
}

function modifierSet({ request }: SliceMeasure): string {
  return request.modifiers.length === 0 ? '' : JSON.stringify(request.modifiers)
}

function keyField(name: string, catalog: Catalog): Field {
  return {
    name,
    dimension: name,
    hops: [],
    attribute: undefined,
    type: catalog.dimensions.get(name)?.type ?? 'string',
    time: undefined,
    isRelation: false,
    bucket: undefined,
    part: undefined,
    zone: undefined,
  }
}
