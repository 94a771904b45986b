import { z } from 'zod'
import { didYouMean, nearest } from '../../base/didYouMean.ts'
import { Fault, faultDetail } from '../../base/faults.ts'
import { describeDimension, describeMetric, describeProcess, matches } from '../../gateway/describe.ts'
import { readShape } from '../../query/readQuestion.ts'
import { callerOf } from '../authorize.ts'
import { type Operation, refusals } from './route.ts'

const named = z.strictObject({ name: z.string().min(1).max(200) })
const searched = z.strictObject({
  search: z.string().max(200).optional().describe('Words in names, labels, aliases, descriptions.'),
})
const described = z.record(z.string(), z.unknown())

/** GET /v1/metrics, /v1/metrics/{name}, and the same of dimensions and processes. */
export const catalog: Operation = (app, context) => {
  const { catalog: all } = context.gateway
  const kinds = [
    {
      path: 'metrics',
      what: 'metric',
      of: all.metrics,
      describe: (name: string) => describeOne(all.metrics, name, (m) => describeMetric(m, all)),
    },
    {
      path: 'dimensions',
      what: 'dimension',
      of: all.dimensions,
      describe: (name: string) => describeOne(all.dimensions, name, (d) => describeDimension(d, all)),
    },
    {
      path: 'processes',
      what: 'process',
      of: all.processes,
      describe: (name: string) => describeOne(all.processes, name, describeProcess),
    },
  ] as const
  for (const { path, what, of, describe } of kinds) {
    app.get(
      `/v1/${path}`,
      {
        schema: {
          operationId: path,
          tags: ['catalog'],
          summary: `List or search ${path}`,
          querystring: searched,
          response: { 200: z.object({ [path]: z.array(described) }), ...refusals(400, 401) },
        },
      },
      async (request) => {
        callerOf(request, context)
        const { search } = readShape(searched, request.query, 'INVALID_REQUEST')
        const found = [...of.values()].filter((each) => search === undefined || matches(search, each))
        return { [path]: found.map((each) => describe(each.name)) }
      },
    )
    app.get(
      `/v1/${path}/:name`,
      {
        schema: {
          operationId: what,
          tags: ['catalog'],
          summary: `Describe one ${what}`,
          params: named,
          response: { 200: described, ...refusals(401, 404) },
        },
      },
      async (request) => {
        callerOf(request, context)
        const { name } = readShape(named, request.params, 'INVALID_REQUEST')
        const found = describe(name)
        if (found === undefined) throw notFound(what, name, of.keys())
        return found
      },
    )
  }
}

function describeOne<T>(of: ReadonlyMap<string, T>, name: string, describe: (one: T) => object): object | undefined {
  const one = of.get(name)
  return one === undefined ? undefined : describe(one)
}

/** A 404 that names what is near. */
export function notFound(what: string, name: string, known: Iterable<string>): Fault {
  const near = nearest(name, known)
  return Fault.at([
    faultDetail('NOT_FOUND', '/name', `There is no ${what} "${name.slice(0, 60)}".${didYouMean(near)}`, near),
  ])
}
