import { z } from 'zod'
import { didYouMean, nearest } from '../../base/didYouMean.ts'
import { Fault, type FaultDetail, faultDetail, pointer } from '../../base/faults.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import { checkFilterValues, normalizeValue } from '../../catalog/filterValues.ts'
import type { KeyRecord, Tenant } from '../../control/keys.ts'
import { ROLES } from '../../gateway/caller.ts'
import { readShape } from '../../query/readQuestion.ts'
import { admitOnly } from '../admit.ts'
import { jsonOf } from '../body.ts'
import { ADMIN_ONLY, type Operation, refusals, storableText } from './route.ts'

const MOST_TENANTS = 1000

const tenantSchema = z
  .record(
    z.string().min(1).max(100),
    z
      .array(z.union([z.string().max(1000), z.number()]))
      .min(1)
      .max(MOST_TENANTS),
  )
  .refine((tenant) => Object.keys(tenant).length > 0, { error: 'a tenant names a dimension' })
  .describe('Dimension -> keys. The caller sees rows of these only: {"advertiser": [42]}.')

const contractSchema = z.strictObject({
  rate: z
    .strictObject({
      perSecond: z.number().min(0.01).max(1_000_000),
      burst: z
        .number()
        .int()
        .min(1)
        .max(1_000_000)
        .optional()
        .describe('Default: perSecond, in whole numbers and at least 1.'),
    })
    .optional()
    .describe('A token bucket; a request costs at least 1, a GraphQL document as many as it asks questions.'),
})

const newKey = z
  .strictObject({
    name: storableText(200).min(1),
    role: z.enum(ROLES).describe('admin may everything; analyst, service and tenant read.'),
    tenant: tenantSchema.optional(),
    contract: contractSchema.default({}),
    expiresAt: z.iso
      .datetime({ offset: true, error: 'an ISO instant, like 2027-01-01T00:00:00Z' })
      .optional()
      .describe('Default: until it is revoked.'),
  })
  .superRefine(({ role, tenant }, context) => {
    if (role === 'tenant' && tenant === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['tenant'],
        message: 'a tenant key names the tenant, like {"advertiser": [42]}',
      })
    }
    if (role === 'admin' && tenant !== undefined) {
      context.addIssue({ code: 'custom', path: ['tenant'], message: 'an admin is not bound to a tenant' })
    }
  })
  .meta({ id: 'NewKey' })

const keySchema = z
  .object({
    id: z.string(),
    prefix: z.string().describe('What the key begins with.'),
    name: z.string(),
    role: z.enum(ROLES),
    tenant: z.record(z.string(), z.array(z.string())).nullable(),
    contract: contractSchema,
    createdAt: z.string(),
    expiresAt: z.string().nullable(),
    revokedAt: z.string().nullable(),
  })
  .meta({ id: 'Key' })

const madeKey = z.object({
  id: z.string(),
  key: z.string().describe('Shown this once; only its hash is kept.'),
  prefix: z.string(),
})

const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('Newest first.'),
  cursor: z
    .string()
    .regex(/^[0-9a-f]{12}$/, { error: 'a cursor is the nextCursor of the page before' })
    .optional(),
})

const path = z.strictObject({ id: storableText(300).min(1) })
const TOKEN_ID = /^(jti|sub):.+$/

/** POST, GET and DELETE /v1/keys: who may ask. */
export const keys: Operation = (app, context) => {
  app.post(
    '/v1/keys',
    {
      schema: {
        ...ADMIN_ONLY,
        operationId: 'createKey',
        tags: ['keys'],
        summary: 'Make an API key',
        body: newKey,
        response: { 200: madeKey, ...refusals(400, 401, 403, 422, 429) },
      },
    },
    async (request, reply) => {
      await admitOnly(['admin'], request, reply, context)
      const { tenant, expiresAt, ...wanted } = readShape(newKey, jsonOf(request), 'INVALID_REQUEST')
      if (expiresAt !== undefined && Date.parse(expiresAt) <= Date.now()) {
        throw Fault.at([faultDetail('INVALID_VALUE', '/expiresAt', `${expiresAt} has passed.`)])
      }
      const bound = tenant && bind(tenant, context.gateway.catalog)
      // Written in UTC: databases know fewer offsets than ISO 8601 does.
      const until = expiresAt && new Date(expiresAt).toISOString()
      const { id, key } = await context.keys.create({ ...wanted, tenant: bound, expiresAt: until })
      return { id, key, prefix: prefixOf(id) }
    },
  )
  app.get(
    '/v1/keys',
    {
      schema: {
        ...ADMIN_ONLY,
        operationId: 'keys',
        tags: ['keys'],
        summary: 'List API keys',
        querystring: page,
        response: {
          200: z.object({ keys: z.array(keySchema), nextCursor: z.string().nullable() }),
          ...refusals(400, 401, 403, 429),
        },
      },
    },
    async (request, reply) => {
      await admitOnly(['admin'], request, reply, context)
      const { limit, cursor } = readShape(page, request.query, 'INVALID_REQUEST')
      const found = await context.keys.list(limit + 1, cursor)
      if (found === undefined) {
        throw Fault.at([faultDetail('INVALID_REQUEST', '/cursor', 'The cursor is not one that this list gave.')])
      }
      const last = found[limit - 1]
      const nextCursor = found.length > limit && last !== undefined ? last.id : null
      return { keys: found.slice(0, limit).map(describeKey), nextCursor }
    },
  )
  app.delete(
    '/v1/keys/:id',
    {
      schema: {
        ...ADMIN_ONLY,
        operationId: 'revokeKey',
        tags: ['keys'],
        summary: 'Revoke an API key, or tokens',
        description:
          'By the id of a key; `jti:<id>` refuses the token of that id, `sub:<subject>` every token that its subject has been given until now.',
        params: path,
        response: { 200: z.object({ revoked: z.literal(true) }), ...refusals(400, 401, 403, 404, 429) },
      },
    },
    async (request, reply) => {
      await admitOnly(['admin'], request, reply, context)
      const { id } = readShape(path, request.params, 'INVALID_REQUEST')
      if (TOKEN_ID.test(id)) await context.keys.revokeToken(id)
      else if (!(await context.keys.revoke(id))) {
        const message = 'There is no key of this id; GET /v1/keys lists them.'
        throw Fault.at([faultDetail('NOT_FOUND', '/id', message)])
      }
      return { revoked: true }
    },
  )
}

function prefixOf(id: string): string {
  return `osk_${id}`
}

function describeKey({ id, name, role, tenant, contract, createdAt, expiresAt, revokedAt }: KeyRecord) {
  return {
    id,
    prefix: prefixOf(id),
    name,
    role,
    tenant: tenant ?? null,
    contract,
    createdAt,
    expiresAt: expiresAt ?? null,
    revokedAt: revokedAt ?? null,
  }
}

/** A tenant as it is kept. Faults: UNKNOWN_DIMENSION, INVALID_VALUE, and NOT_ANSWERABLE where it could ask for nothing. */
function bind(tenant: Readonly<Record<string, readonly (string | number)[]>>, catalog: Catalog): Tenant {
  const faults: FaultDetail[] = []
  const bound = Object.entries(tenant).map(
    ([name, values]) => [name, bindValues(name, values, catalog, faults)] as const,
  )
  if (faults.length > 0) throw Fault.at(faults.slice(0, 20))
  const names = bound.map(([name]) => name)
  const some = [...catalog.sources.values()].some((source) => names.every((name) => source.dimensions.has(name)))
  if (!some) {
    const message = `No source carries ${names.join(' and ')}, so the key could ask for nothing.`
    throw Fault.at([faultDetail('NOT_ANSWERABLE', '/tenant', message)])
  }
  return Object.fromEntries(bound)
}

function bindValues(
  name: string,
  values: readonly (string | number)[],
  catalog: Catalog,
  faults: FaultDetail[],
): readonly string[] {
  const dimension = catalog.dimensions.get(name)
  if (dimension === undefined || dimension.type === 'boolean') {
    const bindable = [...catalog.dimensions.values()].filter(({ type }) => type !== 'boolean')
    const names = bindable.map((each) => each.name)
    const near = nearest(name, names)
    const what = dimension === undefined ? 'There is no dimension' : 'Nobody can be bound to values of'
    const message = `${what} "${name.slice(0, 60)}".${didYouMean(near)}`
    faults.push(faultDetail('UNKNOWN_DIMENSION', pointer(['tenant', name.slice(0, 60)]), message, near))
    return []
  }
  return values.flatMap((value, i) => {
    const [fault] = checkFilterValues('eq', [value], dimension.type)
    if (fault === undefined) return [String(normalizeValue(value, dimension.type))]
    faults.push(faultDetail('INVALID_VALUE', pointer(['tenant', name, i]), fault.message))
    return []
  })
}
