import { z } from 'zod'
import { dimensionValues } from '../../gateway/dimensionValues.ts'
import { catalogFor } from '../../gateway/gateway.ts'
import { readShape } from '../../query/readQuestion.ts'
import { admit } from '../admit.ts'
import { signalOf } from '../hangUp.ts'
import { notFound } from './catalog.ts'
import { type Operation, refusals, storableText } from './route.ts'

const params = z.strictObject({ name: z.string().min(1).max(200) })
const querystring = z.strictObject({
  search: storableText(200).optional().describe('In the value or its label; case does not matter.'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(2000).optional().describe('nextCursor of the page before.'),
})
const page = z.object({
  values: z.array(z.object({ value: z.union([z.string(), z.number(), z.boolean()]), label: z.string() })),
  nextCursor: z.string().nullable(),
})

/** GET /v1/dimensions/{name}/values: what can stand in a filter. */
export const values: Operation = (app, context) => {
  app.get(
    '/v1/dimensions/:name/values',
    {
      schema: {
        operationId: 'dimensionValues',
        tags: ['catalog'],
        summary: 'List or search the values of a dimension',
        params,
        querystring,
        response: { 200: page, ...refusals(400, 401, 403, 404, 422, 429) },
      },
    },
    async (request, reply) => {
      const caller = await admit(request, reply, context)
      const { name } = readShape(params, request.params, 'INVALID_REQUEST')
      const asked = readShape(querystring, request.query, 'INVALID_REQUEST')
      const { dimensions } = catalogFor(caller, context.gateway)
      const dimension = dimensions.get(name)
      if (dimension === undefined) throw notFound('dimension', name, dimensions.keys())
      return dimensionValues(dimension, asked, caller, context.gateway, signalOf(reply))
    },
  )
}
