import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { complaint } from './check.ts'
import { Random } from './random.ts'
import { openWorld, type World } from './world.ts'

let world: World
let port: number
beforeAll(async () => {
  world = await openWorld()
  await world.app.listen({ host: '127.0.0.1', port: 0 })
  const address = world.app.server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
})
afterAll(() => world.stop())

const GOOD = '{"metrics":["visits"],"time":{"range":"yesterday"}}'
const head = (line: string, ...headers: string[]): string =>
  [line, 'Host: localhost', 'Connection: close', ...headers, '', ''].join('\r\n')
const post = (body: string, ...headers: string[]): string =>
  head('POST /v1/query HTTP/1.1', 'Content-Type: application/json', ...headers) + body

/** What is sent byte for byte, and the statuses that may come back; 0 is a closed connection. */
const RAW: readonly (readonly [string, string | Buffer, readonly number[]])[] = [
  ['a good question', post(GOOD, `Content-Length: ${GOOD.length}`), [200]],
  [
    'a good question in chunks',
    post(
      `5\r\n${GOOD.slice(0, 5)}\r\n${(GOOD.length - 5).toString(16)}\r\n${GOOD.slice(5)}\r\n0\r\n\r\n`,
      'Transfer-Encoding: chunked',
    ),
    [200],
  ],
  ['no HTTP', 'hello\r\n\r\n', [400]],
  ['TLS', Buffer.from('16030100c6010000c20303', 'hex'), [400]],
  ['nul bytes', Buffer.alloc(200), [400]],
  ['HTTP/9', head('GET /healthz HTTP/9.9'), [400]],
  ['HTTP/2 by heart', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
  ['no method', head(' /healthz HTTP/1.1'), [400]],
  ['an unknown method', head('FETCH /healthz HTTP/1.1'), [400, 404]],
  ['a small method', head('get /healthz HTTP/1.1'), [400]],
  ['CONNECT', head('CONNECT /healthz HTTP/1.1'), [0, 400, 404]],
  ['TRACE', head('TRACE /healthz HTTP/1.1'), [404]],
  ['a space in the path', head('GET /v1/me trics HTTP/1.1'), [400]],
  ['a bad byte in the path', Buffer.from(head('GET /v1/metrics/\xff\xfe HTTP/1.1'), 'latin1'), [400, 404]],
  ['an absolute address', head('GET http://x/healthz HTTP/1.1'), [200, 400, 404]],
  ['an asterisk', head('OPTIONS * HTTP/1.1'), [400, 404]],
  ['a header without a colon', head('GET /healthz HTTP/1.1', 'nothing'), [400]],
  ['a header with a nul', head('GET /healthz HTTP/1.1', 'a: b\u0000c'), [400]],
  ['a header that goes on', head('GET /healthz HTTP/1.1', 'a: b', ' c'), [200, 400]],
  [
    'headers of 100 kB',
    head('GET /healthz HTTP/1.1', ...Array.from({ length: 100 }, (_, i) => `h${i}: ${'x'.repeat(1000)}`)),
    [431],
  ],
  ['one header of 20 kB', head('GET /healthz HTTP/1.1', `a: ${'x'.repeat(20_000)}`), [431]],
  ['3,000 headers', head('GET /healthz HTTP/1.1', ...Array.from({ length: 3000 }, (_, i) => `h${i}: x`)), [200, 431]],
  ['a path of 20 kB', head(`GET /${'x'.repeat(20_000)} HTTP/1.1`), [414, 431]],
  ['two lengths', post(GOOD, 'Content-Length: 5', `Content-Length: ${GOOD.length}`), [400]],
  ['a length and chunks', post('0\r\n\r\n', 'Content-Length: 5', 'Transfer-Encoding: chunked'), [400]],
  ['a length below 0', post(GOOD, 'Content-Length: -1'), [400]],
  ['a length that is a word', post(GOOD, 'Content-Length: many'), [400]],
  ['a length beyond 2^64', post(GOOD, 'Content-Length: 99999999999999999999999'), [400]],
  ['a length of 10 MB', post(GOOD, 'Content-Length: 10485760'), [413]],
  ['a length too long', post(GOOD, `Content-Length: ${GOOD.length + 10}`), [0, 400]],
  ['a length too short', post(GOOD, 'Content-Length: 10'), [400]],
  ['a chunk of no length', post('zz\r\nabc\r\n0\r\n\r\n', 'Transfer-Encoding: chunked'), [0, 400]],
  ['a chunk too short', post('ff\r\nabc\r\n0\r\n\r\n', 'Transfer-Encoding: chunked'), [0, 400]],
  ['a chunk of 2^64', post('ffffffffffffffff1\r\nabc\r\n0\r\n\r\n', 'Transfer-Encoding: chunked'), [0, 400]],
  ['a chunk cut off', post('5\r\n{"m', 'Transfer-Encoding: chunked'), [0, 400]],
  ['an unknown encoding', post(GOOD, 'Transfer-Encoding: gzip'), [400]],
  ['chunked twice', post(GOOD, 'Transfer-Encoding: chunked, identity'), [400]],
  ['a wrong expectation', post(GOOD, `Content-Length: ${GOOD.length}`, 'Expect: 200-ok'), [200, 400, 417]],
  ['an upgrade', head('GET /healthz HTTP/1.1', 'Upgrade: websocket'), [0, 200, 400]],
  ['no host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', [200, 400]],
  ['two hosts', head('GET /healthz HTTP/1.1', 'Host: y'), [200, 400]],
  ['line feeds alone', 'GET /healthz HTTP/1.1\nHost: localhost\nConnection: close\n\n', [200, 400]],
  ['a compressed body', post('\u001f\u008b', 'Content-Length: 2', 'Content-Encoding: gzip'), [400, 415]],
]

it.each(RAW)('%s', async (_, sent, allowed) => {
  const answer = await exchange(sent)
  expect(allowed, answer.slice(0, 300)).toContain(statusOf(answer))
  expect(judged(answer)).toBeUndefined()
})

it('300 requests with bytes changed, cut off or doubled are refused in our form or answered', async () => {
  const random = new Random(20_261_120)
  const wrong: string[] = []
  for (let batch = 0; batch < 20; batch++) {
    const tries = Array.from({ length: 15 }, async () => {
      const sent = damaged(random)
      const answer = await exchange(sent)
      const complained = judged(answer)
      if (complained !== undefined)
        wrong.push(`${complained}: ${JSON.stringify(sent.toString('latin1').slice(0, 300))}`)
    })
    await Promise.all(tries)
  }
  expect(wrong).toEqual([])
  expect((await world.app.inject('/readyz')).statusCode).toBe(200)
}, 60_000)

function damaged(random: Random): Buffer {
  const bytes = Buffer.from(post(GOOD, `Content-Length: ${GOOD.length}`))
  const at = random.int(bytes.length)
  if (random.chance(0.2)) return bytes.subarray(0, at)
  if (random.chance(0.2)) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(random.int(bytes.length))])
  for (let i = 0; i <= random.int(4); i++) bytes[random.int(bytes.length)] = random.int(256)
  return bytes
}

/** Sends bytes and gives all that comes back; after a while of silence the client goes away. */
async function exchange(sent: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => undefined)
  const closed = once(socket, 'close')
  const ending = setTimeout(() => socket.end(), 300)
  const timer = setTimeout(() => socket.destroy(), 2000)
  socket.write(sent)
  await closed
  clearTimeout(ending)
  clearTimeout(timer)
  return Buffer.concat(chunks).toString()
}

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)

function judged(answer: string): string | undefined {
  const status = statusOf(answer)
  if (status === 0 || status === 100) return undefined
  const [headers = '', ...rest] = answer.split('\r\n\r\n')
  const body =
    rest
      .join('\r\n\r\n')
      .replace(/^[0-9a-f]+\r\n|\r\n0(\r\n)*$/g, '')
      .split('HTTP/1.1 ')[0] ?? ''
  const type = /^content-type: (.*)$/im.exec(headers)?.[1] ?? ''
  return complaint({ status, type, body, bodiless: body === '' && headers.includes('content-length: 0') }, {})
}
