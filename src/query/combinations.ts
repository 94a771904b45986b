import { Fault } from '../base/faults.ts'
import type { Catalog, Dimension, DimensionTable, Process, Source } from '../catalog/catalog.ts'
import { nothingCarries, presence } from './columns.ts'
import { carries } from './names.ts'
import { fieldsOf } from './predicates.ts'
import type { Field, Predicate, QuestionKey, ScopePredicate, Series } from './resolved.ts'

/**
 * A question without metrics asks which combinations of its dimensions there are: of one dimension by its own table,
 * else as they occur in the facts of the first process that carries all of them.
 */
export function combinations(
  keys: readonly QuestionKey[],
  filters: readonly Predicate[],
  scope: readonly ScopePredicate[],
  hasTimeFilter: boolean,
  catalog: Catalog,
): Series {
  const fields = [
    ...keys.flatMap((key) => (key.kind === 'field' ? [key.field] : [])),
    ...filters.flatMap((filter) => [...fieldsOf(filter)]),
  ]
  const onTime = hasTimeFilter || keys.some(({ kind }) => kind === 'time')
  const process = (!onTime && scope.length === 0 && ofOneTable(fields, catalog)) || factsOf(fields, scope, catalog)
  const metric = presence(process)
  const request = { id: 'rows', metric, process, modifiers: [] }
  return { id: 'rows', request, conversion: undefined, period: undefined, offsets: [], fill: undefined }
}

function factsOf(fields: readonly Field[], scope: readonly ScopePredicate[], catalog: Catalog): Process {
  const processes = [...catalog.processes.values()]
  const holds = (process: Process): boolean =>
    process.sources.some((source) =>
      [...fields.filter(({ time }) => time === undefined), ...scope].every(
        (field) => ('isRelation' in field && field.isRelation) || source.dimensions.has(field.dimension),
      ),
    )
  const found = processes.find((process) => fields.every((field) => carries(process, field)) && holds(process))
  if (found === undefined) throw Fault.at([nothingCarries([...new Set(fields.map(({ name }) => name))])])
  return found
}

/** The table of a dimension as a process of one row a key, where all fields are of that dimension. */
function ofOneTable(fields: readonly Field[], catalog: Catalog): Process | undefined {
  const [first] = fields
  if (first === undefined || first.isRelation || fields.some((field) => field.dimension !== first.dimension)) return
  const dimension = catalog.dimensions.get(first.dimension)
  if (dimension === undefined || dimension.tables.length === 0) return undefined
  if (dimension.tables.some(({ history }) => history !== undefined)) return undefined
  return {
    name: dimension.name,
    label: dimension.label,
    aliases: [],
    description: undefined,
    domain: '',
    owner: dimension.owner,
    zone: 'UTC',
    dimensions: [dimension.name],
    relations: new Map(),
    times: [],
    modifiers: new Map(),
    sources: dimension.tables.map((table) => tableAsSource(dimension, table)),
    metrics: [],
  }
}

function tableAsSource(dimension: Dimension, table: DimensionTable): Source {
  const column = (name: string) => ({ kind: 'column', column: name }) as const
  return {
    name: `${dimension.name}_table_in_${table.store}`,
    process: dimension.name,
    store: table.store,
    kind: 'batch',
    layer: 'DWD',
    description: undefined,
    table: table.table,
    where: undefined,
    rows: 'event',
    unique: undefined,
    // A row of a dimension has no time: it is there always.
    time: { expression: { kind: 'sql', sql: "DATE '1970-01-01'" }, grain: 'day', whole: undefined, day: undefined },
    times: new Map(),
    complete: 'always',
    watermark: undefined,
    audit: { tolerance: new Map(), by: undefined },
    keep: undefined,
    version: undefined,
    since: 0,
    retention: undefined,
    lag: undefined,
    dimensions: new Map([[dimension.name, column(table.key)]]),
    furtherKeys: new Map(table.furtherKeys.length === 0 ? [] : [[dimension.name, table.furtherKeys.map(column)]]),
    partitions: table.partitions,
    measures: new Map(),
    upstream: [],
  }
}
