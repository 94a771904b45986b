import { isAbsolute, resolve } from 'node:path'
import { z } from 'zod'
import { Fault } from './base/faults.ts'

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
  readonly logLevel: string
}

const STORE_PREFIX = 'ONESERVICE_STORE_'
const STORE_SCHEMES = ['postgres:', 'postgresql:', 'pglite:', 'clickhouse:', 'http:', 'https:', 'chdb:']

const storeUrl = z.string().refine((url) => STORE_SCHEMES.some((scheme) => url.startsWith(scheme)), {
  error: `a store URL starts with one of ${STORE_SCHEMES.map((scheme) => `${scheme}//`).join(' ')}`,
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
    logLevel: values.ONESERVICE_LOG,
  })
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
