import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'

/** The protocol's number of a cancel request, in place of a version. */
const CANCEL_REQUEST = 80_877_102
const TRIES = 5
const FIRST_PAUSE_MS = 50

/**
 * Ends what `client` runs inside the server, with a cancel request over a connection of its own (which needs no login
 * and, unlike pg_cancel_backend, can't hit someone else's statement behind a pooler). The server ignores a request
 * that comes before it has read the statement, so it is asked again until `isOver`; at last the connection is cut.
 */
export async function cancelStatement(client: Client, isOver: () => boolean): Promise<void> {
  const request = cancelRequest(client)
  for (let turn = 0; turn < TRIES && !isOver(); turn++) {
    if (request !== undefined) await send(client, request).catch(() => undefined)
    await sleep(FIRST_PAUSE_MS * 2 ** turn, undefined, { ref: false })
  }
  if (!isOver()) client.connection.stream.destroy()
}

function cancelRequest(client: Client): Buffer | undefined {
  const processId = numberOf(client, 'processID')
  const secret = numberOf(client, 'secretKey')
  if (processId === undefined || secret === undefined) return undefined
  const request = Buffer.alloc(16)
  for (const [index, word] of [request.length, CANCEL_REQUEST, processId, secret].entries()) {
    request.writeInt32BE(word | 0, index * 4)
  }
  return request
}

/** The server closes the connection once it has passed the request on. */
async function send(client: Client, request: Buffer): Promise<void> {
  const { host, port } = client
  const socket = connect(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port })
  socket.setTimeout(2000, () => socket.destroy())
  socket.end(request)
  socket.resume()
  await once(socket, 'close')
}

/** The type declarations of pg leave out the two numbers that a cancel request is made of. */
function numberOf(client: object, key: string): number | undefined {
  const value: unknown = Reflect.get(client, key)
  return typeof value === 'number' ? value : undefined
}
