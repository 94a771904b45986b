import type { HTTPMethods } from 'fastify'
import type { Random } from './random.ts'
import type { Gun } from './shots.ts'
import { TEXTS } from './texts.ts'
import { ADMIN_KEY } from './world.ts'

const encode = (text: string): string => encodeURIComponent(text.toWellFormed().slice(0, 400))
/** Not all of what a browser would encode is encoded. */
const ODD_ESCAPES = [
  '%',
  '%2',
  '%zz',
  '%00',
  '%c0%af',
  '%ff',
  '%ed%a0%80',
  '%u0041',
  '%252e%252e',
  '%2e%2e%2f',
  '%0d%0ax-a:%201',
  '..%2f..%2f',
  '+',
  '%20',
  '#',
  '?',
  '&',
  '=',
  '[]',
  '[__proto__]=1',
  '%5b%5d',
]

const text = (random: Random): string => (random.chance(0.7) ? encode(random.pick(TEXTS)) : random.pick(ODD_ESCAPES))
const number = (random: Random): string =>
  random.pick([
    '0',
    '1',
    '-1',
    '1000',
    '1001',
    '1e3',
    '1.5',
    '0x10',
    'NaN',
    'Infinity',
    '',
    ' ',
    '99999999999999999999',
    'abc',
    '1,2',
    '%31',
  ])
const day = (random: Random): string =>
  random.pick([
    '2026-11-19',
    '2026-11-20',
    '0000-01-01',
    '0001-01-01',
    '9999-12-31',
    '2026-02-30',
    '2026-13-01',
    'yesterday',
    '',
    '20261119',
    '2026-11-19T00:00',
    '-2026-11-19',
    '%00',
    encode('２０２６-11-19'),
    '1900-01-01',
    '2299-12-31',
  ])

function cursor(random: Random): string {
  const value = random.pick<unknown>([
    'plain',
    1,
    '1',
    -1,
    null,
    {},
    [],
    true,
    'x\u0000',
    '\ud800',
    'x'.repeat(300),
    1e308,
    '9223372036854775808',
    '9223372036854775807',
    "' OR 1=1 --",
    '\\',
  ])
  const written = random.pick([
    JSON.stringify([value]),
    JSON.stringify(value),
    '[',
    '[[[[',
    `[${'['.repeat(100)}`,
    '',
    '{"__proto__":1}',
  ])
  return random.chance(0.7) ? Buffer.from(written).toString('base64url') : text(random)
}

function query(random: Random, keys: Readonly<Record<string, (random: Random) => string>>): string {
  const names = random.some(Object.keys(keys), 0, 4)
  if (random.chance(0.1)) names.push(random.pick(['unknown', '__proto__', 'constructor']))
  const known = new Map(Object.entries(keys))
  const pairs = names.map((name) => `${name}=${(known.get(name) ?? text)(random)}`)
  if (random.chance(0.1)) pairs.push(...pairs)
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

/** The doors that read the catalog. */
export const catalog: Gun = (random) => {
  const kind = random.pick(['metrics', 'dimensions', 'processes'])
  const known = random.pick(['visits', 'site', 'label', 'visit', 'weight_a_parcel'])
  const name = random.chance(0.5) ? known : text(random)
  const url = random.chance(0.5)
    ? `/v1/${kind}${query(random, { search: text })}`
    : `/v1/${kind}/${name}${query(random, {})}`
  return { kind: 'catalog', request: { method: 'GET', url, headers: {} }, expected: {} }
}

/** Values of a dimension: searches, limits and cursors. */
export const values: Gun = (random) => {
  const name = random.chance(0.9) ? random.pick(['site', 'label', 'code', 'shelf', 'fragile']) : text(random)
  const url = `/v1/dimensions/${name}/values${query(random, { search: text, limit: number, cursor })}`
  return { kind: 'values', request: { method: 'GET', url, headers: {} }, expected: {} }
}

const KEYS = [
  undefined,
  `Bearer ${ADMIN_KEY}`,
  `Bearer ${ADMIN_KEY}`,
  `Bearer ${ADMIN_KEY}`,
  'Bearer wrong',
  'Bearer',
  'Basic YTpi',
  '',
  `Bearer ${ADMIN_KEY} x`,
  `bearer ${ADMIN_KEY}`,
  'Bearer \u00e9',
  `Bearer ${'x'.repeat(2000)}`,
]

/** Publications with the admin key, another or none. Nothing that is staged can be named by chance. */
export const publications: Gun = (random) => {
  const key = random.pick(KEYS)
  const headers = key === undefined ? {} : { authorization: key }
  const method = random.pick<HTTPMethods>(['GET', 'POST', 'POST', 'DELETE'])
  const source = (): string =>
    random.pick(['visit_detail', 'visit_event', 'parcel', 'visit_detial', '__proto__', ...TEXTS.slice(0, 40)])
  if (method === 'GET') {
    const url = `/v1/publications${query(random, { source: (r) => (r.chance(0.5) ? 'visit_detail' : text(r)), from: day, to: day, limit: number })}`
    return { kind: 'publications', request: { method, url, headers }, expected: {} }
  }
  if (method === 'DELETE') {
    const url = `/v1/publications/${encode(source())}/${random.pick(['0000-01-01', '9999-12-31', '2026-02-30', '1999-01-01', 'yesterday', '%00', '2026-11-18T00:00'])}`
    return { kind: 'publications', request: { method, url, headers }, expected: {} }
  }
  const payload = {
    ...(random.chance(0.8) ? { source: random.pick<unknown>([source(), null, 1, {}, '\u0000', '\ud800']) } : {}),
    ...(random.chance(0.9)
      ? {
          days: random.pick<unknown>([
            ['1999-01-01'],
            ['0000-01-01'],
            ['9999-12-31'],
            ['2026-02-30'],
            [],
            'yesterday',
            [null],
            [''],
            ['2026-11-21'],
            Array(1001).fill('1999-01-01'),
            ['1999-01-01', '1999-01-01'],
          ]),
        }
      : {}),
    ...(random.chance(0.5)
      ? { version: random.pick<unknown>([0, -1, 1, 2, 1.5, 1e15, 9007199254740991, '1', null, true]) }
      : {}),
    ...(random.chance(0.5)
      ? { runId: random.pick<unknown>([random.pick(TEXTS), '', null, 1, 'run\u0000', '\ud800']) }
      : {}),
    ...(random.chance(0.1) ? { unknown: 1 } : {}),
  }
  return {
    kind: 'publications',
    request: {
      method,
      url: '/v1/publications',
      headers: { ...headers, 'content-type': 'application/json' },
      payload: JSON.stringify(payload),
    },
    expected: {},
  }
}

const DOORS = [
  '/v1/query',
  '/v1/explain',
  '/v1/metrics',
  '/v1/metrics/visits',
  '/v1/dimensions/site/values',
  '/v1/publications',
  '/v1/publications/visit_detail/1999-01-01',
  '/healthz',
  '/readyz',
  '/openapi.json',
  '/docs/',
  '/',
]

/** Every door by every method. */
export const method: Gun = (random) => {
  const of = random.pick<HTTPMethods>(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'])
  const payload =
    random.chance(0.3) && of !== 'GET' && of !== 'HEAD'
      ? { headers: { 'content-type': 'application/json' }, payload: random.pick(['{}', '', '[]', '{']) }
      : { headers: {} }
  return { kind: 'method', request: { method: of, url: random.pick(DOORS), ...payload }, expected: {} }
}

/** Addresses that lead nowhere, or nearly. */
export const path: Gun = (random) => {
  const parts = Array.from({ length: 1 + random.int(4) }, () =>
    random.pick(['v1', 'query', '..', '.', '', 'metrics', 'visits', 'values', text(random), random.pick(ODD_ESCAPES)]),
  )
  const url = random.chance(0.1)
    ? `/v1/metrics/${'x'.repeat(random.pick([200, 300, 301, 2400, 2600, 20_000]))}`
    : `/${parts.join('/')}`
  return {
    kind: 'path',
    request: { method: random.pick<HTTPMethods>(['GET', 'POST', 'DELETE']), url, headers: {} },
    expected: {},
  }
}

/** Headers with something odd in them. */
export const header: Gun = (random) => {
  const odd = random.pick([
    '',
    ' ',
    ',',
    ';q=',
    '*/*;q=0',
    'application/json;q=0',
    'text/csv',
    'x'.repeat(2000),
    '\u00ff',
    "' OR 1=1",
    '../../x',
    '{p1:String}',
    '-1',
    'null',
  ])
  const name = random.pick([
    'accept',
    'x-request-id',
    'authorization',
    'content-encoding',
    'if-none-match',
    'prefer',
    'origin',
    'host',
    'expect',
    'accept-encoding',
    'x-forwarded-for',
    'content-type',
    'range',
    'cookie',
  ])
  const asks = random.chance(0.5)
  const headers: Record<string, string> = { ...(asks ? { 'content-type': 'application/json' } : {}), [name]: odd }
  const request = asks
    ? {
        method: 'POST' as const,
        url: '/v1/query',
        headers,
        payload: '{"metrics":["visits"],"time":{"range":"yesterday"}}',
      }
    : { method: 'GET' as const, url: random.pick(DOORS), headers }
  return { kind: 'header', request, expected: {} }
}
