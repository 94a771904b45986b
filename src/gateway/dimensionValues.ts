import { Fault, faultDetail } from '../base/faults.ts'
import type { Catalog, Dimension, DimensionTable } from '../catalog/catalog.ts'
import { normalizeValue } from '../catalog/filterValues.ts'
import { recipeFor } from '../catalog/recipe.ts'
import { readKey } from '../merge/partial.ts'
import { compareValues, type Key, toJson, type Value } from '../merge/value.ts'
import { questionSchema } from '../query/question.ts'
import { buildValues } from '../stores/sql/values.ts'
import { answer } from './answer.ts'
import type { Caller } from './caller.ts'
import { catalogFor, type Gateway } from './gateway.ts'

export interface ValuesRequest {
  readonly search?: string | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

export interface DimensionValue {
  readonly value: string | number | boolean
  readonly label: string
}

export interface ValuesPage {
  readonly values: readonly DimensionValue[]
  readonly nextCursor: string | null
}

/** How far back values are looked for in facts, for a dimension that has neither a table nor declared values. */
const LOOK_BACK = 'last 30 days and today'

/**
 * The values of a dimension, in order: from its table, else as declared, else as they occur in recent facts. A caller
 * with a scope gets what occurs in its own facts, so that no list tells of another tenant.
 */
export async function dimensionValues(
  dimension: Dimension,
  request: ValuesRequest,
  caller: Caller,
  gateway: Gateway,
  signal?: AbortSignal,
): Promise<ValuesPage> {
  const after = request.cursor === undefined ? undefined : readCursor(request.cursor, dimension)
  const [table] = dimension.tables
  if (caller.scope.length === 0 && table !== undefined)
    return fromTable(dimension, table, request, after, gateway, signal)
  const all =
    caller.scope.length === 0 && dimension.values !== undefined
      ? dimension.values.map(({ value, label }) => ({ value, label: label ?? String(value) }))
      : await fromFacts(dimension, caller, gateway, signal)
  return pageOf(all, request, after)
}

async function fromTable(
  dimension: Dimension,
  table: DimensionTable,
  { search, limit }: ValuesRequest,
  after: string | undefined,
  gateway: Gateway,
  caller: AbortSignal | undefined,
): Promise<ValuesPage> {
  const store = gateway.stores.get(table.store)
  if (store === undefined) throw new Fault('STORE_DOWN', `The store ${table.store} is not connected.`)
  const statement = buildValues({ dimension, table, search, after, limit: limit + 1 }, store.dialect)
  const limits = { timeout: gateway.deadline, ...(caller === undefined ? {} : { signal: caller }) }
  const { rows } = await store.query(statement, limits)
  const values = rows.flatMap(([key, label]): DimensionValue[] => {
    const value = jsonKey(readKey(key ?? null, dimension.type))
    return value === null
      ? []
      : [{ value, label: label === null || label === undefined ? String(value) : String(label) }]
  })
  return cut(values, limit)
}

async function fromFacts(
  dimension: Dimension,
  caller: Caller,
  gateway: Gateway,
  signal: AbortSignal | undefined,
): Promise<DimensionValue[]> {
  const metric = metricBy(dimension, catalogFor(caller, gateway))
  if (metric === undefined) return []
  const named = dimension.nameAttribute === undefined ? [] : [`${dimension.name}.${dimension.nameAttribute}`]
  const question = questionSchema.parse({
    metrics: [metric],
    dimensions: [dimension.name, ...named],
    time: { range: LOOK_BACK },
  })
  const { values, rowCount } = await answer(question, caller, gateway, { signal })
  const labels = new Map(dimension.values?.map(({ value, label }) => [String(value), label]))
  return Array.from({ length: rowCount }, (_, row) => row).flatMap((row) => {
    const value = jsonKey(values[0]?.[row] ?? null)
    if (value === null) return []
    const name = named.length === 0 ? labels.get(String(value)) : values[1]?.[row]
    return [{ value, label: typeof name === 'string' ? name : String(value) }]
  })
}

/** An atomic metric that some source can be asked for by the dimension: its facts tell which values occur. */
function metricBy(dimension: Dimension, catalog: Catalog): string | undefined {
  for (const { metrics, sources } of catalog.processes.values()) {
    const carrying = sources.filter((source) => source.dimensions.has(dimension.name))
    const found = metrics.find((name) => {
      const metric = catalog.metrics.get(name)
      return metric?.kind === 'atomic' && carrying.some((source) => recipeFor(source, metric) !== undefined)
    })
    if (found !== undefined) return found
  }
  return undefined
}

function pageOf(
  all: readonly DimensionValue[],
  { search, limit }: ValuesRequest,
  after: string | undefined,
): ValuesPage {
  const wanted = search?.toLowerCase()
  const found = all
    .toSorted((a, b) => compareValues(a.value, b.value))
    .filter(({ value, label }) => wanted === undefined || `${value}\n${label}`.toLowerCase().includes(wanted))
    .filter(
      ({ value }) => after === undefined || compareValues(value, typeof value === 'number' ? Number(after) : after) > 0,
    )
  return cut(found.slice(0, limit + 1), limit)
}

function cut(values: readonly DimensionValue[], limit: number): ValuesPage {
  const page = values.slice(0, limit)
  const last = page.at(-1)
  return { values: page, nextCursor: values.length > limit && last !== undefined ? writeCursor(last.value) : null }
}

/** Keys beyond 2^53 go out as text. */
function jsonKey(key: Key | Value): string | number | boolean | null {
  if (typeof key === 'bigint') return key.toString()
  return typeof key === 'object' ? (key === null ? null : toJson(key)) : key
}

function writeCursor(value: string | number | boolean): string {
  return Buffer.from(JSON.stringify([value])).toString('base64url')
}

function isStorable(value: string | boolean): boolean {
  return typeof value === 'boolean' || (value.isWellFormed() && !value.includes('\u0000'))
}

function readCursor(cursor: string, dimension: Dimension): string {
  try {
    const [value] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as [unknown]
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      const normalized = normalizeValue(value, dimension.type)
      if (normalized !== undefined && isStorable(normalized)) return String(normalized)
    }
  } catch {
    // Told below, as any other cursor that is not ours.
  }
  throw Fault.at([faultDetail('INVALID_REQUEST', '/cursor', 'The cursor is not one that this list gave.')])
}
