import { z } from 'zod'
import type { World } from '../../algebra/openWorld.ts'

const record = z.record(z.string(), z.unknown())
type Record = z.infer<typeof record>

const restReply = z.object({
  rows: z.array(record),
  totals: z.array(record).optional(),
  subtotals: z.array(z.object({ by: z.array(z.string()), rows: z.array(record) })).optional(),
  truncated: z.boolean(),
})
const error = z.object({
  message: z.string(),
  extensions: z.object({ code: z.string(), errors: z.array(z.object({ pointer: z.string() })) }),
})
const graphqlReply = z.object({ data: record.nullish(), errors: z.array(error).optional() })

/** Asks over REST; numbers are the texts they were sent as. */
export async function askRest(world: World, question: object): Promise<z.infer<typeof restReply>> {
  const response = await send(world, '/v1/query', question)
  if (response.statusCode !== 200) throw new Error(`refused: ${response.payload}`)
  return restReply.parse(JSON.parse(response.payload, asWritten))
}

/** Sends a document; numbers are the texts they were sent as. */
export async function askDocument(world: World, query: string): Promise<z.infer<typeof graphqlReply>> {
  return graphqlReply.parse(JSON.parse((await send(world, '/graphql', { query })).payload, asWritten))
}

function send({ app }: World, url: string, payload: object) {
  const headers = { host: '127.0.0.1', 'content-type': 'application/json' }
  return app.inject({ method: 'POST', url, headers, payload: JSON.stringify(payload) })
}

/** A number as its text, marked, so that it is not taken for a text. */
function asWritten(this: unknown, _key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? { number: context?.source ?? String(value) } : value
}

const nested = z.looseObject({})

/** A row of a document under the names that REST gives: `advertiser {key name}` is advertiser and advertiser.name. */
export function flatRow(row: Record): Record {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]): [string, unknown][] => {
      const inner = nested.safeParse(value)
      if (!inner.success || 'number' in inner.data) return [[name, value]]
      return Object.entries(flatRow(inner.data)).map(([below, cell]) => [
        below === 'key' ? name : `${name}.${below}`,
        cell,
      ])
    }),
  )
}
