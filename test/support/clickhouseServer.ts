/**
 * Enough of ClickHouse's HTTP interface for @clickhouse/client, in front of chDB. Run with a folder; prints its port.
 * Every request has a connection of its own, as settings and parameters would stay on a shared one.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { Session } from 'chdb'

/** Parts of the address that are not settings, and settings of the HTTP layer that the engine does not have. */
const NOT_SETTINGS = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'session_id',
  'role',
  'wait_end_of_query',
  'enable_http_compression',
  'send_progress_in_http_headers',
  'readonly',
])

interface Call {
  readonly address: URLSearchParams
  readonly values: readonly (readonly [name: string, value: string])[]
  readonly text: string
}

const folder = process.argv[2] ?? ''
const control = new Session(folder)
let calls = 0

const server = createServer((request, response) => {
  handle(request, response).catch((error: unknown) => fail(response, error))
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)
})
// The tests' process is gone when its end of the pipe is. An engine that still computes would not let this one exit.
process.stdin.resume().on('end', () => process.kill(process.pid, 'SIGKILL'))

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://loopback')
  if (url.pathname === '/ping') {
    response.end('Ok.\n')
    return
  }
  const call = await readCall(request, url.searchParams)
  const tag = `call-${++calls}`
  const session = new Session(folder)
  try {
    const running = session.queryAsync(prelude(call, tag) + call.text, {
      format: url.searchParams.get('default_format') ?? 'TabSeparated',
    })
    response.on('close', () => {
      if (!response.writableFinished && endsWithConnection(call)) kill(tag)
    })
    const result = await running
    response.setHeader('X-ClickHouse-Query-Id', url.searchParams.get('query_id') ?? tag)
    response.end(result.bytes())
  } finally {
    session.close()
  }
}

async function readCall(request: IncomingMessage, address: URLSearchParams): Promise<Call> {
  const body = await buffer(request)
  const type = request.headers['content-type'] ?? ''
  const form = type.startsWith('multipart/')
    ? await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
    : undefined
  const fields = [...address, ...(form ?? [])].map(([name, value]) => [name, String(value)] as const)
  const text = [address.get('query'), form === undefined ? body.toString() : String(form.get('query'))]
  return { address, values: fields.filter(([name]) => name !== 'query'), text: text.filter(Boolean).join('\n') }
}

function prelude({ values, address }: Call, tag: string): string {
  const database = address.get('database') ?? 'default'
  const settings = values.filter(([name]) => !NOT_SETTINGS.has(name))
  const list = [['log_comment', tag] as const, ...settings].map(([name, value]) => `${name} = ${quote(value)}`)
  const use = database === 'default' ? '' : `USE \`${database}\`; `
  const readOnly = address.get('readonly')
  return `${use}SET ${list.join(', ')}; ${readOnly === null ? '' : `SET readonly = ${Number(readOnly)}; `}`
}

/** A server ends only what is read-only when its client goes. */
function endsWithConnection({ address }: Call): boolean {
  return Number(address.get('readonly')) > 0 && address.get('cancel_http_readonly_queries_on_client_close') === '1'
}

function kill(tag: string): void {
  control.queryAsync(`KILL QUERY WHERE Settings['log_comment'] = '${tag}' ASYNC`).catch(() => undefined)
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}

function fail(response: ServerResponse, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  const [, code = '1002'] = /^Code: (\d+)/.exec(message) ?? []
  response.writeHead(500, { 'X-ClickHouse-Exception-Code': code }).end(`${message} (version 26.7)\n`)
}
