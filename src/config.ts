import { isAbsolute, resolve } from 'node:path'
import { z } from 'zod'
import { Fault } from './base/faults.ts'
import { DEFAULT_CLAIMS, type TokenConfig } from './control/tokens.ts'
import { DEFAULT_RATES, type Rates } from './gateway/limits/rates.ts'

/**
 * Everything the environment may set, parsed once and frozen. `main.ts` alone reads the environment;
 * the rest of the code sees this shape.
 */
export interface Config {
  readonly host: string
  readonly port: number
  /** Folder holding metrics/ and dimensions/. */
  readonly catalogFolder: string
  /** True when no catalog was named: the sample business is served, seeded and kept going. */
  readonly sample: boolean
  readonly dataFolder: string
  /** Store name in lower case -> URL. */
  readonly stores: ReadonlyMap<string, string>
  readonly controlUrl: string | undefined
  readonly adminKey: string | undefined
  /** Milliseconds since the epoch of a clock that stands still; undefined for the real one. */
  readonly now: number | undefined
  /** Where the CLI finds a running gateway. */
  readonly gatewayUrl: string | undefined
  /** Milliseconds a question may take. */
  readonly deadline: number
  /** Bytes that the states of one question may take. */
  readonly stateBytes: number
  readonly logLevel: string
  readonly redisUrl: string | undefined
  /** Bytes of answers that the process keeps; 0 keeps none. */
  readonly cacheBytes: number
  readonly rates: Rates
  /** Tokens of an identity provider; undefined = none are taken. */
  readonly tokens: TokenConfig | undefined
}

const STORE_PREFIX = 'ONESERVICE_STORE_'
const STORE_SCHEMES = ['postgres:', 'postgresql:', 'pglite:', 'clickhouse:', 'http:', 'https:', 'chdb:']

const storeUrl = z.string().refine((url) => STORE_SCHEMES.some((scheme) => url.startsWith(scheme)), {
  error: `a store URL starts with one of ${STORE_SCHEMES.map((scheme) => `${scheme}//`).join(' ')}`,
})

/** A variable that holds JSON. */
function json<T>(schema: z.ZodType<T>) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text)
      } catch {
        context.addIssue({ code: 'custom', message: 'this is not JSON' })
        return z.NEVER
      }
    })
    .pipe(schema)
}

const rate = z.strictObject({
  perSecond: z.number().min(0.01).max(1_000_000),
  burst: z.number().int().min(1).max(1_000_000),
})

const rates = z.strictObject({
  open: rate.default(DEFAULT_RATES.open),
  service: rate.default(DEFAULT_RATES.service),
  analyst: rate.default(DEFAULT_RATES.analyst),
  tenant: rate.default(DEFAULT_RATES.tenant),
})

const claims = z.strictObject({
  role: z.string().min(1).default(DEFAULT_CLAIMS.role),
  roles: z
    .record(z.string().min(1), z.enum(['admin', 'analyst', 'service', 'tenant']))
    .default({ ...DEFAULT_CLAIMS.roles }),
  tenant: z.record(z.string().min(1), z.string().min(1)).default({}),
})

const environment = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535).default(4000),
  ONESERVICE_CATALOG: z.string().min(1).optional(),
  ONESERVICE_DATA_DIR: z.string().min(1).default('.oneservice'),
  ONESERVICE_CONTROL_URL: storeUrl.optional(),
  ONESERVICE_ADMIN_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{8,200}$/, 'an admin key has 8 to 200 characters of ASCII and no blanks')
    .optional(),
  ONESERVICE_NOW: z.iso.datetime({ offset: true, error: 'an ISO instant, like 2026-11-20T10:00:00+08:00' }).optional(),
  ONESERVICE_URL: z.url({ protocol: /^https?$/ }).optional(),
  ONESERVICE_DEADLINE_MS: z.coerce.number().int().min(100).max(600_000).default(30_000),
  ONESERVICE_STATE_MB: z.coerce.number().min(1).max(65_536).default(512),
  ONESERVICE_REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'a URL like redis://127.0.0.1:6379' }).optional(),
  ONESERVICE_CACHE_MB: z.coerce.number().min(0).max(65_536).default(256),
  ONESERVICE_RATES: json(rates).optional(),
  ONESERVICE_JWKS_URL: z.url({ protocol: /^https?$/ }).optional(),
  ONESERVICE_JWT_ISSUER: z.string().min(1).optional(),
  ONESERVICE_JWT_AUDIENCE: z.string().min(1).optional(),
  ONESERVICE_JWT_CLAIMS: json(claims).optional(),
  ONESERVICE_LOG: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('warn'),
})

/** Reads the environment; `home` is the folder the project's own catalog stands in. Faults with INVALID_CONFIG. */
export function readConfig(env: Readonly<Record<string, string | undefined>>, home: string, cwd: string): Config {
  const parsed = environment.safeParse(withoutBlanks(env))
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new Fault('INVALID_CONFIG', `The environment has faults.\n  ${lines.join('\n  ')}`)
  }
  const values = parsed.data
  const dataFolder = absolute(values.ONESERVICE_DATA_DIR, cwd)
  return Object.freeze({
    host: values.HOST,
    port: values.PORT,
    catalogFolder: values.ONESERVICE_CATALOG === undefined ? home : absolute(values.ONESERVICE_CATALOG, cwd),
    sample: values.ONESERVICE_CATALOG === undefined,
    dataFolder,
    stores: readStores(env, dataFolder),
    controlUrl: values.ONESERVICE_CONTROL_URL,
    adminKey: values.ONESERVICE_ADMIN_KEY,
    now: values.ONESERVICE_NOW === undefined ? undefined : Date.parse(values.ONESERVICE_NOW),
    gatewayUrl: values.ONESERVICE_URL,
    deadline: values.ONESERVICE_DEADLINE_MS,
    stateBytes: Math.round(values.ONESERVICE_STATE_MB * 1024 * 1024),
    logLevel: values.ONESERVICE_LOG,
    redisUrl: values.ONESERVICE_REDIS_URL,
    cacheBytes: Math.round(values.ONESERVICE_CACHE_MB * 1024 * 1024),
    rates: values.ONESERVICE_RATES ?? DEFAULT_RATES,
    tokens: readTokens(values),
  })
}

/** All that makes a token trustworthy is named, or tokens are not taken at all. */
function readTokens(values: z.output<typeof environment>): TokenConfig | undefined {
  const { ONESERVICE_JWKS_URL: jwksUrl, ONESERVICE_JWT_ISSUER: issuer, ONESERVICE_JWT_AUDIENCE: audience } = values
  const claims = values.ONESERVICE_JWT_CLAIMS
  if ([jwksUrl, issuer, audience, claims].every((each) => each === undefined)) return undefined
  if (jwksUrl === undefined || issuer === undefined || audience === undefined) {
    const needed = 'ONESERVICE_JWKS_URL, ONESERVICE_JWT_ISSUER and ONESERVICE_JWT_AUDIENCE go together'
    throw new Fault('INVALID_CONFIG', `${needed}: tokens are taken of one issuer, made for this service.`)
  }
  if (jwksUrl.startsWith('http:') && !/^http:\/\/(localhost|127\.|\[::1\])/.test(jwksUrl)) {
    throw new Fault('INVALID_CONFIG', 'ONESERVICE_JWKS_URL: keys come by https, or from loopback.')
  }
  return { jwksUrl, issuer, audience, claims: claims ?? DEFAULT_CLAIMS }
}

function readStores(
  env: Readonly<Record<string, string | undefined>>,
  dataFolder: string,
): ReadonlyMap<string, string> {
  const stores = new Map<string, string>([
    ['offline', `chdb://${dataFolder}/offline`],
    ['realtime', `pglite://${dataFolder}/realtime`],
  ])
  for (const [name, url] of Object.entries(env)) {
    if (!name.startsWith(STORE_PREFIX) || url === undefined || url === '') continue
    const parsed = storeUrl.safeParse(url)
    // The URL itself may hold a password: the message names the variable only.
    if (!parsed.success) throw new Fault('INVALID_CONFIG', `${name}: ${parsed.error.issues[0]?.message}`)
    stores.set(name.slice(STORE_PREFIX.length).toLowerCase(), url)
  }
  return stores
}

function withoutBlanks(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value ? [[name, value]] : [])))
}

function absolute(path: string, cwd: string): string {
  return isAbsolute(path) ? path : resolve(cwd, path)
}
