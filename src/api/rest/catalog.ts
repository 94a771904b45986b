import { z } from 'zod'
import { didYouMean, nearest } from '../../base/didYouMean.ts'
import { Fault, faultDetail } from '../../base/faults.ts'
import type { Catalog, Described } from '../../catalog/catalog.ts'
import { describeDimension, describeMetric, describeProcess, matches } from '../../gateway/describe.ts'
import { catalogFor } from '../../gateway/gateway.ts'
import { readShape } from '../../query/readQuestion.ts'
import { admit } from '../admit.ts'
import { driftFor } from '../driftFor.ts'
import { type Operation, refusals } from './route.ts'

const named = z.strictObject({ name: z.string().min(1).max(200) })
const searched = z.strictObject({
  search: z.string().max(200).optional().describe('Words in names, labels, aliases, descriptions.'),
})
const described = z.record(z.string(), z.unknown())

/** What the catalog has of one kind, and how one of them is told. */
interface Kind {
  readonly path: string
  readonly what: string
  readonly of: (catalog: Catalog) => ReadonlyMap<string, Described>
  readonly describe: (name: string, catalog: Catalog) => object | undefined
}

const KINDS: readonly Kind[] = [
  {
    path: 'metrics',
    what: 'metric',
    of: ({ metrics }) => metrics,
    describe: (name, all) => describeOne(all.metrics, name, (metric) => describeMetric(metric, all)),
  },
  {
    path: 'dimensions',
    what: 'dimension',
    of: ({ dimensions }) => dimensions,
    describe: (name, all) => describeOne(all.dimensions, name, (dimension) => describeDimension(dimension, all)),
  },
  {
    path: 'processes',
    what: 'process',
    of: ({ processes }) => processes,
    describe: (name, all) => describeOne(all.processes, name, describeProcess),
  },
]

/** GET /v1/metrics, /v1/metrics/{name}, and the same of dimensions and processes. */
export const catalog: Operation = (app, context) => {
  for (const { path, what, of, describe } of KINDS) {
    app.get(
      `/v1/${path}`,
      {
        schema: {
          operationId: path,
          tags: ['catalog'],
          summary: `List or search ${path}`,
          querystring: searched,
          response: { 200: z.object({ [path]: z.array(described) }), ...refusals(400, 401, 403, 429) },
        },
      },
      async (request, reply) => {
        const all = catalogFor(await admit(request, reply, context), context.gateway)
        const { search } = readShape(searched, request.query, 'INVALID_REQUEST')
        const found = [...of(all).values()].filter((each) => search === undefined || matches(search, each))
        return { [path]: found.map((each) => describe(each.name, all)) }
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
          response: { 200: described, ...refusals(401, 403, 404, 429, 503) },
        },
      },
      async (request, reply) => {
        const caller = await admit(request, reply, context)
        const all = catalogFor(caller, context.gateway)
        const { name } = readShape(named, request.params, 'INVALID_REQUEST')
        const found = describe(name, all)
        if (found === undefined) throw notFound(what, name, of(all).keys())
        const drift = what === 'metric' ? await driftFor(caller, name, context) : undefined
        return { ...found, ...(drift === undefined ? {} : { drift }) }
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
