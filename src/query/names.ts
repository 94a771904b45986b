import { Fault, type FaultDetail, faultDetail, pointer } from '../base/faults.ts'
import type { Catalog, Metric, Process } from '../catalog/catalog.ts'
import { type BindField, unknownName } from './filters.ts'
import type { Field } from './resolved.ts'

/** Binds `advertiser` and `advertiser.industry` to the catalog. */
export function bindDimension(
  name: string,
  path: readonly PropertyKey[],
  catalog: Catalog,
  faults: FaultDetail[],
): Field | undefined {
  const dot = name.indexOf('.')
  const dimensionName = dot < 0 ? name : name.slice(0, dot)
  const dimension = catalog.dimensions.get(dimensionName)
  if (dimension === undefined) {
    faults.push(unknownName('UNKNOWN_DIMENSION', 'dimension', name, fieldNames(catalog), path))
    return undefined
  }
  const attributeName = dot < 0 ? undefined : name.slice(dot + 1)
  if (attributeName === undefined || attributeName === 'key') {
    return { name, dimension: dimensionName, attribute: undefined, type: dimension.type }
  }
  const attribute = dimension.attributes.get(attributeName)
  if (attribute === undefined) {
    faults.push(
      unknownName(
        'UNKNOWN_DIMENSION',
        `attribute of ${dimensionName}`,
        attributeName,
        dimension.attributes.keys(),
        path,
      ),
    )
    return undefined
  }
  return { name, dimension: dimensionName, attribute: attributeName, type: attribute.type }
}

/** bindDimension in the form that filters take. */
export function fieldBinder(catalog: Catalog): BindField<Field> {
  return (name, path, faults) => {
    const field = bindDimension(name, path, catalog, faults)
    return field === undefined ? undefined : { field, type: field.type }
  }
}

function* fieldNames(catalog: Catalog): Generator<string> {
  for (const dimension of catalog.dimensions.values()) {
    yield dimension.name
    for (const attribute of dimension.attributes.keys()) yield `${dimension.name}.${attribute}`
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

/** Refuses a field that a process of the question does not carry: its facts can't be grouped or filtered by it. */
export function requireCarried(field: Field, processes: Iterable<Process>, path: readonly PropertyKey[]): void {
  for (const process of processes) {
    if (process.dimensions.includes(field.dimension)) continue
    const message =
      `"${process.name}" does not carry the dimension "${field.dimension}", so its metrics can't be asked by it; ` +
      `it carries ${process.dimensions.join(', ') || 'none'}.`
    throw Fault.at([faultDetail('NOT_ANSWERABLE', pointer(path), message, process.dimensions.slice(0, 20))])
  }
}
