import { z } from 'zod'
import { Fault } from '../../base/faults.ts'
import { readJson } from '../../base/json.ts'
import { readShape } from '../../query/readQuestion.ts'

const NAME = /^[_A-Za-z][_0-9A-Za-z]{0,199}$/

const request = z.object({
  query: z.string({ error: 'a request is {"query": "...", "variables"?, "operationName"?}' }).min(1),
  operationName: z.string().regex(NAME, { error: 'an operation has a name like TopChannels' }).nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
})

/** A document as a client sends it. */
export interface GraphqlRequest {
  readonly query: string
  readonly operationName: string | undefined
  readonly variables: Record<string, unknown>
}

/** Reads the body of a POST. Faults: INVALID_REQUEST. */
export function readBody(body: unknown): GraphqlRequest {
  if (Array.isArray(body)) {
    throw new Fault('INVALID_REQUEST', 'Send one document; fields in one document are answered together.')
  }
  const { query, operationName, variables } = readShape(request, body, 'INVALID_REQUEST')
  return { query, operationName: operationName ?? undefined, variables: variables ?? {} }
}

/** Reads ?query=&variables=&operationName=, variables as JSON. Faults: INVALID_REQUEST and those of JSON. */
export function readSearchParameters(parameters: unknown): GraphqlRequest {
  const given: Record<string, unknown> = { ...(typeof parameters === 'object' ? parameters : {}) }
  const { variables } = given
  return readBody({
    ...given,
    variables: typeof variables === 'string' && variables !== '' ? readJson(variables) : null,
  })
}
