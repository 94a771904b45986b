import { didYouMean, nearest } from '../../base/didYouMean.ts'
import { normalizeValue } from '../filterValues.ts'
import type { CatalogFault } from '../position.ts'
import type { Rule } from './rule.ts'

/** Attributes need a table; copies stand in other stores; the name is one of the attributes; values fit the type. */
export const dimensionShape: Rule = (draft) =>
  draft.dimensions.flatMap(({ file, value }) => {
    const faults: CatalogFault[] = []
    if (value.table === undefined && value.attributes.length > 0) {
      faults.push(
        file.fault(['attributes'], 'CONTRADICTION', 'Attributes are read from a table; name it with "table".'),
      )
    }
    if (value.table === undefined && value.copies.length > 0) {
      faults.push(file.fault(['copies'], 'CONTRADICTION', 'Copies need the authoritative "table".'))
    }
    const stores = [value.table?.store]
    for (const [i, copy] of value.copies.entries()) {
      if (stores.includes(copy.store)) {
        faults.push(
          file.fault(['copies', i, 'store'], 'DUPLICATE_NAME', `The store "${copy.store}" has a copy already.`),
        )
      }
      stores.push(copy.store)
    }
    const attributes = value.attributes.map((attribute) => attribute.attribute)
    if (value.name !== undefined && !attributes.includes(value.name)) {
      const near = nearest(value.name, attributes)
      faults.push(
        file.fault(['name'], 'UNKNOWN_ATTRIBUTE', `There is no attribute "${value.name}".${didYouMean(near)}`, near),
      )
    }
    for (const [i, entry] of (value.values ?? []).entries()) {
      if (normalizeValue(entry.value, value.type) === undefined) {
        faults.push(file.fault(['values', i, 'value'], 'INVALID_VALUE', `${entry.value} is not of type ${value.type}.`))
      }
    }
    return faults
  })
