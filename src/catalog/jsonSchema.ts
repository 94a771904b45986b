import { z } from 'zod'
import { calendarFile, compositesFile, dimensionFile, processFile } from './schema.ts'

/** File name under docs/schema/ -> JSON Schema (draft 2020-12), for editors that complete and check YAML. */
export function catalogJsonSchemas(): ReadonlyMap<string, unknown> {
  return new Map([
    ['process.schema.json', toSchema(processFile, 'A business process')],
    ['composites.schema.json', toSchema(compositesFile, 'Composite metrics over several processes')],
    ['dimension.schema.json', toSchema(dimensionFile, 'A dimension')],
    ['calendar.schema.json', toSchema(calendarFile, "A calendar of one's own")],
  ])
}

function toSchema(schema: z.ZodType, title: string): unknown {
  return { title, ...z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' }) }
}
