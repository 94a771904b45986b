import { sql } from 'kysely'
import type { Catalog, DimensionTable, SourceExpression } from '../../catalog/catalog.ts'
import { fieldsOf } from '../../query/predicates.ts'
import type { Field, Predicate } from '../../query/resolved.ts'
import type { Slice, SliceMeasure } from '../../route/physical.ts'
import type { DialectName, Statement } from '../port.ts'
import type { Sql, SqlDialect } from './dialect.ts'
import { dialectOf } from './dialects.ts'
import { expressionSql, factsOf, keyName, needsTable, TIME_NAME } from './facts.ts'
import { type ColumnTypes, NO_TYPES, typeKey } from './numberKind.ts'
import { predicateSql } from './predicate.ts'
import { compileStatement } from './statement.ts'

/**
 * The statements of a slice. Most slices are one statement; a distinct count whose keys must travel is one of its own,
 * because its rows are (group, key) and not groups.
 */
export interface SliceStatement {
  readonly statement: Statement
  readonly slice: Slice
  /** Columns come in this order: the bucket if there is a grain, the fields, presence counts, then the parts. */
  readonly measures: readonly StatementMeasure[]
}

export interface StatementMeasure {
  readonly measure: SliceMeasure
  /** Index of the column that counts the rows under the measure's modifiers; undefined = every row counts. */
  readonly presence: number | undefined
  /** Indexes of the columns that hold the parts of its state. */
  readonly parts: readonly number[]
}

/** Groups a statement may return; one more is fetched to know that there are more. Never a limit below the merge. */
export const MOST_GROUPS = 1_000_000

/** Builds the statements of one slice for the dialect of its store. */
export function buildStatements(
  slice: Slice,
  catalog: Catalog,
  dialectName: DialectName,
  types: ColumnTypes = NO_TYPES,
): SliceStatement[] {
  const dialect = dialectOf(dialectName)
  const states = slice.measures.filter((measure) => measure.distinct !== 'keys')
  const keyed = slice.measures.filter((measure) => measure.distinct === 'keys')
  return [
    ...(states.length === 0 ? [] : [buildStates(slice, states, catalog, dialect, types)]),
    ...keyed.map((measure) => buildKeys(slice, measure, catalog, dialect)),
  ]
}

interface Value {
  readonly name: string
  readonly of: SourceExpression
}

/** States per group, in one pass; modifiers that not all measures share become conditions of their aggregates. */
function buildStates(
  slice: Slice,
  measures: readonly SliceMeasure[],
  catalog: Catalog,
  dialect: SqlDialect,
  types: ColumnTypes,
): SliceStatement {
  const values: Value[] = []
  const sets = new Set(measures.map(modifierSet))
  const shared = sets.size === 1
  const columns: Sql[] = []
  const outer = new OuterSelect(slice, catalog, dialect)
  const offset = (slice.window.grain === undefined ? 0 : 1) + slice.fields.length
  const presences = new Map<string, number>()
  for (const measure of measures) {
    const set = modifierSet(measure)
    if (shared || set === '' || presences.has(set)) continue
    presences.set(set, offset + columns.length)
    columns.push(dialect.count(undefined, outer.condition(measure.request.modifiers)))
  }
  const laidOut = measures.map((measure): StatementMeasure => {
    const when = shared ? undefined : outer.condition(measure.request.modifiers)
    const parts = partsOf(measure, when, values, dialect, types).map((part) => offset + columns.push(part) - 1)
    return { measure, presence: presences.get(modifierSet(measure)), parts }
  })
  const common = shared ? (measures[0]?.request.modifiers ?? []) : []
  // With modifiers on every measure, rows that none of them counts need not be read.
  const any: Predicate[] =
    shared || sets.has('')
      ? []
      : [{ kind: 'any', items: measures.map(({ request }) => ({ kind: 'all', items: request.modifiers })) }]
  const statement = outer.statement(columns, values, [...common, ...any])
  return { statement, slice, measures: laidOut }
}

/** The distinct keys of one measure: a row a group and key, the null key included, which tells that the group is there. */
function buildKeys(slice: Slice, measure: SliceMeasure, catalog: Catalog, dialect: SqlDialect): SliceStatement {
  if (measure.recipe.kind !== 'keys') throw new TypeError(`${measure.request.id} does not travel as keys`)
  const outer = new OuterSelect({ ...slice, measures: [measure] }, catalog, dialect)
  const key = 'distinct_key'
  const statement = outer.statement(
    [],
    [{ name: key, of: measure.recipe.of }],
    measure.request.modifiers,
    dialect.keyText(sql.id('f', key)),
  )
  const index = (slice.window.grain === undefined ? 0 : 1) + slice.fields.length
  return { statement, slice, measures: [{ measure, presence: undefined, parts: [index] }] }
}

function modifierSet({ request }: SliceMeasure): string {
  return request.modifiers.length === 0 ? '' : JSON.stringify(request.modifiers)
}

/** The aggregates that make up a state; their inputs are added to `values`. */
function partsOf(
  { request, recipe, distinct }: SliceMeasure,
  when: Sql | undefined,
  values: Value[],
  dialect: SqlDialect,
  types: ColumnTypes,
): Sql[] {
  const value = (of: SourceExpression): Sql => {
    const name = `value_${values.length}`
    values.push({ name, of })
    return sql.id('f', name)
  }
  const sum = (of: SourceExpression, whole: boolean): Sql => {
    const as = types.get(typeKey(of))
    // What the store says of a column is surer than what the catalog declares, but for a float that is declared whole.
    return dialect.sum(value(of), whole && as?.kind !== 'integer' ? 'whole' : as, when)
  }
  switch (recipe.kind) {
    case 'sum':
      return [sum(recipe.of, request.metric.type === 'integer')]
    case 'countSum':
      return [sum(recipe.of, true)]
    case 'min':
      return [dialect.min(value(recipe.of), when)]
    case 'max':
      return [dialect.max(value(recipe.of), when)]
    case 'count':
      return [dialect.count(recipe.of === undefined ? undefined : value(recipe.of), when)]
    case 'average': {
      const count = recipe.count === undefined ? dialect.count(value(recipe.sum), when) : sum(recipe.count, true)
      return [sum(recipe.sum, false), count]
    }
    case 'keys':
      if (distinct !== 'count') throw new TypeError(`${request.id} travels as keys and not as a state`)
      return [dialect.countDistinct(value(recipe.of), when)]
  }
}

/** The outer select: dimension tables joined to the facts, filters on attributes, grouping. */
class OuterSelect {
  readonly #slice: Slice
  readonly #dialect: SqlDialect
  readonly #tables: ReadonlyMap<string, JoinedTable>
  readonly #catalog: Catalog

  constructor(slice: Slice, catalog: Catalog, dialect: SqlDialect) {
    this.#slice = slice
    this.#dialect = dialect
    this.#catalog = catalog
    this.#tables = tablesOf(slice, catalog)
  }

  /** A conjunction on the joined rows; undefined when there is nothing to hold. */
  condition(predicates: readonly Predicate[]): Sql | undefined {
    if (predicates.length === 0) return undefined
    return predicateSql({ kind: 'all', items: predicates }, (field) => this.#column(field), this.#dialect)
  }

  /** `distinct` is a further key that is grouped by and returned last. */
  statement(
    aggregates: readonly Sql[],
    values: readonly Value[],
    where: readonly Predicate[],
    distinct?: Sql,
  ): Statement {
    const slice = this.#slice
    const facts = factsOf(slice, this.#dialect, this.#keys(where), values)
    const groups = [
      ...(slice.window.grain === undefined ? [] : [sql.id('f', TIME_NAME)]),
      ...slice.fields.map((field) => this.#column(field)),
    ]
    const outputs = [
      ...(slice.window.grain === undefined ? [] : [sql.id('f', TIME_NAME)]),
      ...slice.fields.map((field) => this.#dialect.output(this.#column(field), field.type)),
      ...aggregates,
      ...(distinct === undefined ? [] : [distinct]),
    ]
    if (distinct !== undefined) groups.push(distinct)
    const joins = [...this.#tables].map(([dimension, joined]) => this.#join(dimension, joined))
    const condition = this.condition([...facts.outside, ...where])
    const named = outputs.map((output, i) => sql`${output} as ${sql.id(`column_${i}`)}`)
    const query = sql`select ${sql.join(named)} from (${facts.select}) as f${sql.join(joins, sql``)}${
      condition === undefined ? sql`` : sql` where ${condition}`
    }${groups.length === 0 ? sql`` : sql` group by ${sql.join(groups)}`} limit ${sql.lit(MOST_GROUPS + 1)}`
    return compileStatement(query, this.#dialect)
  }

  /** Dimensions whose keys the outer select reads. */
  #keys(where: readonly Predicate[]): string[] {
    const { fields, filters, measures } = this.#slice
    const read = [
      ...fields,
      ...filters.filter(needsTable).flatMap((predicate) => [...fieldsOf(predicate)]),
      ...measures.flatMap(({ request }) => request.modifiers.flatMap((predicate) => [...fieldsOf(predicate)])),
      ...where.flatMap((predicate) => [...fieldsOf(predicate)]),
    ]
    return [...new Set(read.map((field) => field.dimension))]
  }

  #column(field: Field): Sql {
    if (field.attribute === undefined) return sql.id('f', keyName(field.dimension))
    const joined = this.#tables.get(field.dimension)
    if (joined === undefined) throw new TypeError(`${field.name} is not joined`)
    return sql.id(joined.alias, attributeName(field.attribute))
  }

  /** The table's key and the attributes that are read, under names of our own; facts without a row keep nulls. */
  #join(dimension: string, { alias, table, attributes }: JoinedTable): Sql {
    const columns = [...attributes].map((name) => {
      const attribute = this.#catalog.dimensions.get(dimension)?.attributes.get(name)
      if (attribute === undefined) throw new TypeError(`${dimension} has no attribute ${name}`)
      return sql`${this.#dialect.nullable(expressionSql(attribute.expression))} as ${sql.id(attributeName(name))}`
    })
    const key = sql`${sql.id(table.key)} as ${sql.id('dimension_key')}`
    const rows = sql`(select ${sql.join([key, ...columns])} from ${sql.table(table.table)})`
    const on = sql`${sql.id('f', keyName(dimension))} = ${sql.id(alias, 'dimension_key')}`
    return sql` left join ${rows} as ${sql.id(alias)} on ${on}`
  }
}

interface JoinedTable {
  readonly alias: string
  readonly table: DimensionTable
  readonly attributes: Set<string>
}

const attributeName = (attribute: string): string => `attribute_${attribute}`

/** The dimension tables that attributes are read from, in the slice's own store. */
function tablesOf(slice: Slice, catalog: Catalog): Map<string, JoinedTable> {
  const predicates = [...slice.filters, ...slice.measures.flatMap(({ request }) => request.modifiers)]
  const fields = [...slice.fields, ...predicates.flatMap((predicate) => [...fieldsOf(predicate)])]
  const tables = new Map<string, JoinedTable>()
  for (const { dimension, attribute } of fields) {
    if (attribute === undefined) continue
    const joined = tables.get(dimension) ?? joinFor(slice, catalog, dimension, `d${tables.size}`)
    joined.attributes.add(attribute)
    tables.set(dimension, joined)
  }
  return tables
}

function joinFor(slice: Slice, catalog: Catalog, dimension: string, alias: string): JoinedTable {
  const table = catalog.dimensions.get(dimension)?.tables.find((each) => each.store === slice.source.store)
  if (table === undefined) throw new TypeError(`${slice.source.store} has no table of ${dimension}`)
  return { alias, table, attributes: new Set() }
}
