import type { Random } from './random.ts'
import type { Gun } from './shots.ts'

const GOOD =
  '{"metrics":["visits"],"time":{"range":"yesterday"},"filters":[{"field":"label","op":"eq","values":["plain"]}]}'

/** Bodies that are no JSON, or not JSON as we read it. */
const BROKEN: readonly (string | Buffer)[] = [
  '',
  ' ',
  'null',
  'true',
  '0',
  '"visits"',
  '[]',
  '{}',
  'undefined',
  'NaN',
  '{"metrics":["visits"],}',
  '{"metrics":["visits",]}',
  "{'metrics':['visits']}",
  '{metrics:["visits"]}',
  '{"metrics":["visits"]} {}',
  '{"metrics":["visits"]}\u0000',
  '// comment\n{"metrics":["visits"]}',
  '{"metrics":["visits\n"]}',
  '{"metrics":["\\x41"]}',
  '{"metrics":["\\u12"]}',
  '{"metrics":["visits"],"limit":NaN}',
  '{"metrics":["visits"],"limit":Infinity}',
  '{"metrics":["visits"],"limit":-Infinity}',
  '{"metrics":["visits"],"limit":1e999}',
  '{"metrics":["visits"],"limit":-1e999}',
  '{"metrics":["visits"],"limit":9007199254740992}',
  '{"metrics":["visits"],"limit":9007199254740993}',
  '{"metrics":["visits"],"limit":123456789012345678901234567890}',
  '{"metrics":["visits"],"limit":-0}',
  '{"metrics":["visits"],"limit":1.0000000000000000000001}',
  '{"metrics":["visits"],"limit":01}',
  '{"metrics":["visits"],"limit":+1}',
  '{"metrics":["visits"],"limit":.5}',
  '{"metrics":["visits"],"limit":0x10}',
  '{"metrics":["visits"],"limit":1_000}',
  `{"metrics":["visits"],"limit":1${'0'.repeat(10_000)}}`,
  '{"metrics":["visits"],"having":[{"field":"visits","op":"gt","values":[1e300]}]}',
  '{"metrics":["visits"],"having":[{"field":"visits","op":"gt","values":[1e-300]}]}',
  '{"metrics":["visits"],"metrics":["parcels"]}',
  '{"metrics":["visits"],"__proto__":{"limit":1}}',
  '{"metrics":["visits"],"constructor":{"prototype":{"limit":1}}}',
  '{"__proto__":["visits"]}',
  '{"metrics":["__proto__"]}',
  '{"metrics":{"length":1,"0":"visits"}}',
  '[[[[[[]]]]]]',
  Buffer.from(`\ufeff${GOOD}`),
  Buffer.from(`\ufeff\ufeff${GOOD}`),
  Buffer.from(GOOD, 'utf16le'),
  Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(GOOD, 'utf16le')]),
  Buffer.from([0xc3, 0x28]),
  Buffer.from([0xff]),
  Buffer.from([0x00]),
  Buffer.concat([Buffer.from('{"metrics":["visi'), Buffer.from([0xe2, 0x82]), Buffer.from('ts"]}')]),
  Buffer.concat([Buffer.from('{"metrics":["'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"]}')]),
  Buffer.concat([Buffer.from('{"metrics":["'), Buffer.from([0xf4, 0x90, 0x80, 0x80]), Buffer.from('"]}')]),
]

const QUERY_DOORS = ['/v1/query', '/v1/explain', '/v1/publications']

/** Broken bodies, and good ones cut off or with a byte changed. */
export const body: Gun = (random) => {
  const payload = random.chance(0.4) ? random.pick(BROKEN) : damaged(random)
  return {
    kind: 'body',
    request: {
      method: 'POST',
      url: random.pick(QUERY_DOORS),
      headers: {
        'content-type': random.pick(['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON']),
      },
      payload,
    },
    expected: {},
  }
}

function damaged(random: Random): Buffer {
  const bytes = Buffer.from(GOOD)
  if (random.chance(0.3)) return bytes.subarray(0, random.int(bytes.length))
  for (let i = 0; i <= random.int(3); i++) bytes[random.int(bytes.length)] = random.int(256)
  return bytes
}

const LARGE: readonly { readonly payload: () => string; readonly status: readonly number[] }[] = [
  { payload: () => `{"metrics":["${'x'.repeat(10 * 1024 * 1024)}"]}`, status: [413] },
  { payload: () => `{"metrics":["visits"],"dimensions":[${'"label",'.repeat(200_000)}"label"]}`, status: [413] },
  { payload: () => '['.repeat(1_000_000), status: [400] },
  { payload: () => `${'['.repeat(500_000)}${']'.repeat(500_000)}`, status: [400] },
  { payload: () => `[${'[],'.repeat(300_000)}[]]`, status: [400] },
  { payload: () => `{"metrics":[${'[[[[[[]]]]]],'.repeat(60_000)}[]]}`, status: [400] },
  { payload: () => `{"metrics":[${'1,'.repeat(500_000)}1]}`, status: [400] },
  { payload: () => `{${Array.from({ length: 60_000 }, (_, i) => `"k${i}":1`).join(',')}}`, status: [400] },
  { payload: () => `{"metrics":["${'\\u0000'.repeat(150_000)}"]}`, status: [400] },
  { payload: () => `{"metrics":["visits"],"limit":${'9'.repeat(900_000)}}`, status: [400] },
  { payload: () => `${' '.repeat(1_000_000)}{"metrics":["visits"],"limit":1}`, status: [200] },
]

/** Bodies about as large as a body may be, and larger. */
export const largeBody: Gun = (random) => {
  const { payload, status } = random.pick(LARGE)
  const url = random.pick(['/v1/query', '/v1/explain'])
  return {
    kind: 'large body',
    request: { method: 'POST', url, headers: { 'content-type': 'application/json' }, payload: payload() },
    expected: { status },
  }
}

const TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'application/jsonx',
  'text/json',
  'application/json/',
  'json',
  '*/*',
  '',
  ';',
  'application/json,text/plain',
  'x'.repeat(300),
]

/** A good body under a wrong name; an empty content type is none. */
export const contentType: Gun = (random) => ({
  kind: 'content type',
  request: {
    method: 'POST',
    url: random.pick(QUERY_DOORS),
    headers: { 'content-type': random.pick(TYPES) },
    payload: GOOD,
  },
  expected: { status: [400, 401, 415] },
})
