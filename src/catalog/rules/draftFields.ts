import { dimensionNames, rolesOf } from '../build.ts'
import type { Draft } from '../draft.ts'
import type { DimensionFile, ProcessFile, ValueType } from '../schema.ts'

/** What a field of a process is in a draft; a time can be compared by a grain or a part. */
export interface DraftField {
  readonly type: ValueType
  readonly isTime: boolean
}

/** Every field that the facts of a process can be filtered by, up to two hops deep, under its name. */
export function fieldsOfDraft(process: ProcessFile, draft: Draft): Map<string, DraftField> {
  const dimensions = new Map(draft.dimensions.map(({ value }) => [value.dimension, value]))
  const roles = new Map(rolesOf(process).map(({ role, dimension }) => [role, dimension]))
  const fields = new Map<string, DraftField>()
  for (const name of dimensionNames(process)) {
    const dimension = dimensions.get(roles.get(name) ?? name)
    if (dimension !== undefined) addDimension(name, dimension, dimensions, fields, 0)
  }
  for (const { relation, attributes } of process.relations) {
    for (const { attribute, type } of attributes) fields.set(`${relation}.${attribute}`, { type, isTime: false })
  }
  for (const time of ['time', ...process.sources.flatMap((source) => Object.keys(source.times))])
    fields.set(time, { type: 'date', isTime: true })
  return fields
}

const MOST_HOPS = 3

function addDimension(
  name: string,
  file: DimensionFile,
  all: ReadonlyMap<string, DimensionFile>,
  fields: Map<string, DraftField>,
  hops: number,
): void {
  const add = (field: string, type: ValueType) => fields.set(field, { type, isTime: type === 'date' })
  add(name, file.type)
  add(`${name}.key`, file.type)
  for (const { attribute, type } of file.attributes) add(`${name}.${attribute}`, type)
  if (hops === MOST_HOPS) return
  for (const { link, dimension } of file.links) {
    const next = all.get(dimension)
    if (next !== undefined) addDimension(`${name}.${link}`, next, all, fields, hops + 1)
  }
}
