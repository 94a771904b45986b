import { createConnection, type Socket } from 'node:net'

/** A request as bytes, sent again and again over connections that stay open. */
export interface Load {
  readonly port: number
  readonly request: Buffer
  readonly connections: number
  readonly milliseconds: number
}

/** What came back. */
export interface LoadResult {
  readonly perSecond: number
  readonly answered: number
  /** Bytes of one body, and how many responses were not 200. */
  readonly bodyBytes: number
  readonly failed: number
}

const END = Buffer.from('\r\n\r\n')

/** A POST of JSON as it goes over the wire. */
export function postOf(path: string, body: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  const lines = [
    `POST ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

/** Asks as fast as the server answers; each connection sends its next request when it has the last response whole. */
export async function load({ port, request, connections, milliseconds }: Load): Promise<LoadResult> {
  const counts = { answered: 0, failed: 0, bodyBytes: 0 }
  const began = performance.now()
  const until = began + milliseconds
  await Promise.all(
    Array.from({ length: connections }, () => {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const socket = createConnection({ port, host: '127.0.0.1', noDelay: true }, () => socket.write(request))
      socket.on('error', reject)
      readResponses(socket, (status, bodyBytes) => {
        counts.answered++
        if (status !== 200) counts.failed++
        counts.bodyBytes = bodyBytes
        if (performance.now() < until) socket.write(request)
        else {
          socket.destroy()
          resolve()
        }
      })
      return promise
    }),
  )
  const seconds = (performance.now() - began) / 1000
  return {
    perSecond: counts.answered / seconds,
    answered: counts.answered,
    bodyBytes: counts.bodyBytes,
    failed: counts.failed,
  }
}

/** Calls `each` for every whole response; reads no more of it than its status and length. */
function readResponses(socket: Socket, each: (status: number, bodyBytes: number) => void): void {
  let left = 0
  let head: Buffer = Buffer.alloc(0)
  let length = 0
  let status = 0
  socket.on('data', (piece) => {
    let rest = Buffer.isBuffer(piece) ? piece : Buffer.from(piece)
    while (rest.length > 0) {
      if (left === 0) {
        head = head.length === 0 ? rest : Buffer.concat([head, rest])
        const end = head.indexOf(END)
        if (end < 0) return
        const text = head.toString('latin1', 0, end)
        status = Number(text.slice(9, 12))
        length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
        left = length
        rest = Buffer.from(head.subarray(end + END.length))
        head = Buffer.alloc(0)
      }
      const taken = Math.min(left, rest.length)
      left -= taken
      rest = rest.subarray(taken)
      if (left === 0) each(status, length)
    }
  })
}
