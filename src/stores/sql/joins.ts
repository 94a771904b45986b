import { sql } from 'kysely'
import type {
  Attribute,
  Catalog,
  Dimension,
  DimensionTable,
  Relation,
  SourceExpression,
} from '../../catalog/catalog.ts'
import type { Field } from '../../query/resolved.ts'
import type { Slice } from '../../route/physical.ts'
import type { Sql, SqlDialect } from './dialect.ts'
import { expressionSql, type FactColumn, keyName, keySql, lookedAt, timeName, timeOf } from './facts.ts'

/** A table joined to the facts, at the end of a way of links. */
interface Joined {
  readonly alias: string
  readonly dimension: Dimension
  readonly table: DimensionTable
  /** The table before, or undefined where the facts are. */
  readonly parent: Joined | undefined
  /** The link of the parent that leads here. */
  readonly link: string | undefined
  /** Attributes and links that are read, under their names. */
  readonly columns: Map<string, SourceExpression>
}

interface JoinedRelation {
  readonly alias: string
  readonly relation: Relation
  readonly table: string
  readonly columns: Map<string, Attribute>
}

/**
 * The dimension tables and relations that the fields of a statement need, in the slice's own store. Facts are LEFT
 * JOINed to them on the key; a table has one row a key (at the fact's time, where it has a history), so facts never
 * fan out. A relation is cut to the distinct rows of what is read of it.
 */
export class Joins {
  readonly #slice: Slice
  readonly #catalog: Catalog
  readonly #dialect: SqlDialect
  readonly #tables = new Map<string, Joined>()
  readonly #relations = new Map<string, JoinedRelation>()

  constructor(slice: Slice, catalog: Catalog, dialect: SqlDialect, fields: Iterable<Field>) {
    this.#slice = slice
    this.#catalog = catalog
    this.#dialect = dialect
    for (const field of fields) this.#add(field)
  }

  /** The time of the facts that the metric goes by. */
  get #ownTime(): string {
    return this.#slice.time.other?.name ?? 'time'
  }

  get hasRelations(): boolean {
    return this.#relations.size > 0
  }

  /** Columns of the facts that make a row unique, where a relation may repeat it. */
  get unique(): readonly string[] {
    return [...new Set([...this.#relations.values()].flatMap(({ relation }) => relation.unique))]
  }

  /** A field as it is written outside of the facts: a key, a time, an attribute. */
  column(field: Field): Sql {
    const { time } = this.#slice
    if (field.time !== undefined) {
      const grain = timeOf(this.#slice.source, field.time).grain
      return lookedAt(
        field,
        { of: sql.id('f', timeName(field.time)), grain, zone: field.zone ?? time.zone },
        this.#dialect,
      )
    }
    return lookedAt(field, { of: this.#plain(field), grain: 'day', zone: field.zone ?? time.zone }, this.#dialect)
  }

  #plain(field: Field): Sql {
    if (field.attribute === undefined) return sql.id('f', keyName(field.dimension))
    if (field.isRelation) return sql.id(this.#relations.get(field.dimension)?.alias ?? '', columnName(field.attribute))
    return sql.id(this.#tables.get(wayOf(field))?.alias ?? '', columnName(field.attribute))
  }

  /** What the facts must show for the joins and the fields: keys, times, partitions. */
  factColumns(fields: Iterable<Field>): FactColumn[] {
    const { source } = this.#slice
    const columns = new Map<string, Sql>()
    for (const field of fields) {
      if (field.time !== undefined)
        columns.set(timeName(field.time), expressionSql(timeOf(source, field.time).expression))
      else if (!field.isRelation) columns.set(keyName(field.dimension), keySql(source, field.dimension))
    }
    for (const { parent, dimension: _dimension, table, link: _link } of this.#tables.values()) {
      if (parent === undefined)
        for (const partition of shared(source.partitions, table.partitions))
          columns.set(partitionName(partition), sql.id(partition))
      if (table.history !== undefined)
        columns.set(timeName(this.#ownTime), expressionSql(timeOf(source, this.#ownTime).expression))
    }
    for (const [way, { parent, table }] of this.#tables) {
      if (parent !== undefined) continue
      const further = source.furtherKeys.get(way) ?? []
      for (const [i] of table.furtherKeys.entries()) {
        const key = further[i]
        if (key === undefined) throw new TypeError(`${source.name} holds too few key columns of ${way}`)
        columns.set(keyName(way, i + 1), expressionSql(key))
      }
    }
    for (const { relation } of this.#relations.values())
      for (const column of [...relation.on.keys(), ...relation.unique]) columns.set(factName(column), sql.id(column))
    return [...columns].map(([name, of]) => ({ name, of }))
  }

  /** The join clauses, behind `from (facts) as f`. */
  get clauses(): Sql {
    const clauses = [
      ...[...this.#tables].map(([way, joined]) => this.#tableClause(way, joined)),
      ...[...this.#relations.values()].map((joined) => this.#relationClause(joined)),
    ]
    return clauses.length === 0 ? sql`` : sql.join(clauses, sql``)
  }

  #add(field: Field): void {
    const { store } = this.#slice.source
    if (field.attribute === undefined) return
    if (field.isRelation) {
      const process = this.#catalog.processes.get(this.#slice.source.process)
      const relation = process?.relations.get(field.dimension)
      const attribute = relation?.attributes.get(field.attribute)
      const table = relation?.tables.find((each) => each.store === store)?.table
      if (relation === undefined || attribute === undefined || table === undefined)
        throw new TypeError(`${this.#slice.source.name} was routed to without ${field.name}`)
      const joined = this.#relations.get(field.dimension) ?? {
        alias: `r${this.#relations.size}`,
        relation,
        table,
        columns: new Map<string, Attribute>(),
      }
      joined.columns.set(field.attribute, attribute)
      this.#relations.set(field.dimension, joined)
      return
    }
    let way = field.dimension
    let joined = this.#table(way, this.#catalog.dimensions.get(field.dimension), undefined, undefined)
    for (const hop of field.hops) {
      const link = joined.dimension.links.get(hop)
      if (link === undefined) throw new TypeError(`${joined.dimension.name} has no link ${hop}`)
      joined.columns.set(hop, link.key)
      way = `${way}.${hop}`
      joined = this.#table(way, this.#catalog.dimensions.get(link.dimension), joined, hop)
    }
    const { attributes, links } = joined.dimension
    const of = attributes.get(field.attribute)?.expression ?? links.get(field.attribute)?.key
    if (of === undefined) throw new TypeError(`${joined.dimension.name} has no attribute ${field.attribute}`)
    joined.columns.set(field.attribute, of)
  }

  #table(way: string, dimension: Dimension | undefined, parent: Joined | undefined, link: string | undefined): Joined {
    const known = this.#tables.get(way)
    if (known !== undefined) return known
    const { store } = this.#slice.source
    const table = dimension?.tables.find((each) => each.store === store)
    if (dimension === undefined || table === undefined) throw new TypeError(`${store} has no table of ${way}`)
    const joined = { alias: `d${this.#tables.size}`, dimension, table, parent, link, columns: new Map() }
    this.#tables.set(way, joined)
    return joined
  }

  #tableClause(way: string, { alias, table, parent, link, columns }: Joined): Sql {
    const { source } = this.#slice
    const partitions = shared(parent?.table.partitions ?? source.partitions, table.partitions)
    // A table shows its own partitions to the next hop too.
    const shown = [...columns].map(
      ([name, of]) => sql`${this.#dialect.nullable(expressionSql(of))} as ${sql.id(columnName(name))}`,
    )
    const own = [
      sql`${sql.id(table.key)} as ${sql.id('dimension_key')}`,
      ...table.furtherKeys.map((key, i) => sql`${sql.id(key)} as ${sql.id(`dimension_key_${i + 1}`)}`),
      ...table.partitions.map((each) => sql`${sql.id(each)} as ${sql.id(partitionName(each))}`),
      ...(table.history === undefined
        ? []
        : [
            sql`${sql.id(table.history.from)} as ${sql.id('held_from')}`,
            sql`${sql.id(table.history.to)} as ${sql.id('held_to')}`,
          ]),
    ]
    const near = parent === undefined ? sql.id('f', keyName(way)) : sql.id(parent.alias, columnName(link ?? ''))
    const on = [
      sql`${near} = ${sql.id(alias, 'dimension_key')}`,
      ...table.furtherKeys.flatMap((_key, i) =>
        parent === undefined
          ? [sql`${sql.id('f', keyName(way, i + 1))} = ${sql.id(alias, `dimension_key_${i + 1}`)}`]
          : [],
      ),
      ...partitions.map(
        (each) => sql`${sql.id(parent?.alias ?? 'f', partitionName(each))} = ${sql.id(alias, partitionName(each))}`,
      ),
      ...(table.history === undefined ? [] : [this.#held(alias)]),
    ]
    const rows = sql`(select ${sql.join([...own, ...shown])} from ${sql.table(table.table)})`
    return sql` left join ${rows} as ${sql.id(alias)} on ${sql.join(on, sql` and `)}`
  }

  /** from <= t and (t < to or to is null), with the fact's own time. */
  #held(alias: string): Sql {
    const time = sql.id('f', timeName(this.#ownTime))
    const to = sql.id(alias, 'held_to')
    return sql`${sql.id(alias, 'held_from')} <= ${time} and (${time} < ${to} or ${to} is null)`
  }

  #relationClause({ alias, relation, table, columns }: JoinedRelation): Sql {
    const on = [...relation.on]
    const shown = [
      ...on.map(([, column]) => sql`${sql.id(column)} as ${sql.id(`on_${column}`)}`),
      ...[...columns].map(
        ([name, { expression }]) =>
          sql`${this.#dialect.nullable(expressionSql(expression))} as ${sql.id(columnName(name))}`,
      ),
    ]
    const matched = on.map(([fact, column]) => sql`${sql.id('f', factName(fact))} = ${sql.id(alias, `on_${column}`)}`)
    const rows = sql`(select distinct ${sql.join(shown)} from ${sql.table(table)})`
    return sql` left join ${rows} as ${sql.id(alias)} on ${sql.join(matched, sql` and `)}`
  }
}

function shared(a: readonly string[], b: readonly string[]): string[] {
  return a.filter((each) => b.includes(each))
}

function wayOf({ dimension, hops }: Field): string {
  return [dimension, ...hops].join('.')
}

const columnName = (attribute: string): string => `attribute_${attribute}`
const partitionName = (column: string): string => `partition_${column}`

/** How the facts call a column of their own table that a relation needs. */
export const factName = (column: string): string => `fact_${column}`
