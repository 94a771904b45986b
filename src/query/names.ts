import { Fault, type FaultDetail, faultDetail, pointer } from '../base/faults.ts'
import type { DatePart, Grain } from '../base/time.ts'
import type { Catalog, Dimension, Metric, Process } from '../catalog/catalog.ts'
import type { ValueType } from '../catalog/schema.ts'
import { unknownName } from './filters.ts'
import type { Field } from './resolved.ts'

/** How a time is looked at: by the first day of a bucket, or by a part. */
export interface TimeLook {
  readonly bucket: Grain | undefined
  readonly part: DatePart | undefined
}

const AS_IS: TimeLook = { bucket: undefined, part: undefined }
const MOST_HOPS = 8

/**
 * Binds `advertiser`, `advertiser.industry`, `host.country.name`, `item.category`, `paid_at` to the catalog. `time` is a
 * field of filters only: metrics line up on it, so that grouping by it is asked with a grain or a part.
 */
export function bindField(
  name: string,
  path: readonly PropertyKey[],
  catalog: Catalog,
  faults: FaultDetail[],
  zone: string | undefined,
  look: TimeLook = AS_IS,
): Field | undefined {
  const [first = '', ...rest] = name.split('.')
  const whole = { name, hops: [], attribute: undefined, time: undefined, isRelation: false, zone, ...look }
  const dimension = catalog.dimensions.get(first)
  if (dimension !== undefined) {
    const end = walkLinks(dimension, rest, catalog)
    if (end === undefined) {
      faults.push(unknownAttribute(dimension, rest, catalog, path))
      return undefined
    }
    return { ...whole, dimension: first, hops: end.hops, attribute: end.attribute, type: lookedAt(end.type, look) }
  }
  const relation = relationOf(first, catalog)
  const attribute = relation?.attributes.get(rest[0] ?? '')
  if (relation !== undefined && rest.length === 1 && attribute !== undefined)
    return {
      ...whole,
      dimension: first,
      attribute: attribute.name,
      isRelation: true,
      type: lookedAt(attribute.type, look),
    }
  if (rest.length === 0 && isTime(first, catalog))
    return { ...whole, dimension: '', time: first, type: look.part === undefined ? 'date' : 'integer' }
  if (relation !== undefined)
    faults.push(
      unknownName('UNKNOWN_DIMENSION', `attribute of ${first}`, rest.join('.'), relation.attributes.keys(), path),
    )
  else faults.push(unknownName('UNKNOWN_DIMENSION', 'dimension', name, fieldNames(catalog), path))
  return undefined
}

function lookedAt(type: ValueType, { bucket, part }: TimeLook): ValueType {
  return part !== undefined ? 'integer' : bucket !== undefined ? 'date' : type
}

/** Follows `country.name` through the links of dimension tables; the key of a link stands in the table that names it. */
function walkLinks(dimension: Dimension, steps: readonly string[], catalog: Catalog) {
  let at = dimension
  const hops: string[] = []
  for (const [i, step] of steps.entries()) {
    const last = i === steps.length - 1
    if (last && step === 'key') {
      // The key of a linked dimension is a column of the table before.
      const attribute = hops.pop()
      return { hops, attribute, type: at.type }
    }
    const attribute = at.attributes.get(step)
    if (last && attribute !== undefined) return { hops, attribute: step, type: attribute.type }
    const link = at.links.get(step)
    const next = link === undefined ? undefined : catalog.dimensions.get(link.dimension)
    if (next === undefined || hops.length === MOST_HOPS) return undefined
    if (last) return { hops, attribute: step, type: next.type }
    hops.push(step)
    at = next
  }
  return { hops, attribute: undefined, type: dimension.type }
}

function unknownAttribute(
  dimension: Dimension,
  steps: readonly string[],
  catalog: Catalog,
  path: readonly PropertyKey[],
): FaultDetail {
  let at = dimension
  let name = dimension.name
  for (const step of steps.slice(0, -1)) {
    const next = catalog.dimensions.get(at.links.get(step)?.dimension ?? '')
    if (next === undefined) return unknownName('UNKNOWN_DIMENSION', `link of ${name}`, step, at.links.keys(), path)
    at = next
    name = `${name}.${step}`
  }
  const known = [...at.attributes.keys(), ...at.links.keys()]
  return unknownName('UNKNOWN_DIMENSION', `attribute of ${name}`, steps.at(-1) ?? '', known, path)
}

function relationOf(name: string, catalog: Catalog) {
  for (const process of catalog.processes.values()) {
    const relation = process.relations.get(name)
    if (relation !== undefined) return relation
  }
  return undefined
}

/** `time`, or a further time of some process. */
export function isTime(name: string, catalog: Catalog): boolean {
  return name === 'time' || [...catalog.processes.values()].some(({ times }) => times.includes(name))
}

function* fieldNames(catalog: Catalog): Generator<string> {
  for (const dimension of catalog.dimensions.values()) {
    yield dimension.name
    for (const attribute of dimension.attributes.keys()) yield `${dimension.name}.${attribute}`
  }
  for (const process of catalog.processes.values()) {
    yield* process.times
    for (const relation of process.relations.values())
      for (const attribute of relation.attributes.keys()) yield `${relation.name}.${attribute}`
  }
}

/** The metric of a name; reports when there is none. Aliases are words to search by, not names. */
export function bindMetric(
  name: string,
  path: readonly PropertyKey[],
  catalog: Catalog,
  faults: FaultDetail[],
): Metric | undefined {
  const metric = catalog.metrics.get(name)
  if (metric !== undefined) return metric
  const byAlias = [...catalog.metrics.values()].find((each) => each.aliases.includes(name))
  if (byAlias === undefined) faults.push(unknownName('UNKNOWN_METRIC', 'metric', name, catalog.metrics.keys(), path))
  else {
    const message = `"${name}" is another word for "${byAlias.name}"; ask for that.`
    faults.push(faultDetail('UNKNOWN_METRIC', pointer(path), message, [byAlias.name]))
  }
  return undefined
}

/** True when the facts of a process can be grouped or filtered by a field. */
export function carries(process: Process, field: Field): boolean {
  if (field.time !== undefined) return field.time === 'time' || process.times.includes(field.time)
  return field.isRelation ? process.relations.has(field.dimension) : process.dimensions.includes(field.dimension)
}

/** Refuses a field that a process of the question does not carry: its facts can't be grouped or filtered by it. */
export function requireCarried(field: Field, processes: Iterable<Process>, path: readonly PropertyKey[]): void {
  for (const process of processes) {
    if (carries(process, field)) continue
    const known = [...process.dimensions, ...process.times, ...process.relations.keys()]
    const what = field.time === undefined ? `the dimension "${field.dimension}"` : `the time "${field.time}"`
    const message =
      `"${process.name}" does not carry ${what}, so its metrics can't be asked by it; ` +
      `it carries ${known.join(', ') || 'none'}.`
    throw Fault.at([faultDetail('NOT_ANSWERABLE', pointer(path), message, known.slice(0, 20))])
  }
}
