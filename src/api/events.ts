import type { FastifyInstance, FastifyReply } from 'fastify'
import { Fault } from '../base/faults.ts'

/** One server-sent event. */
export interface ServerEvent {
  readonly event: string
  readonly id?: string | undefined
  readonly data: string
}

const MOST_STREAMS = 1000
/** A comment that keeps proxies from closing a quiet stream. */
const BEAT_MS = 15_000

/** How often it is asked whether a caller that follows something is still let in. */
export const RECHECK_MS = 30_000

/** The streams of each server. */
const streams = new WeakMap<object, Set<AbortController>>()

/** Ends every stream when the server closes; else it would wait for their readers. */
export function endStreamsWith(app: FastifyInstance): void {
  const open = new Set<AbortController>()
  streams.set(app.server, open)
  app.addHook('preClose', async () => {
    for (const each of open) each.abort()
  })
}

/**
 * Answers with server-sent events (HTML Living Standard, section 9.2) until the caller hangs up or the events end.
 * A reader that is slow slows its own events down. A stream ends when `recheck` rejects: its caller is not let in any
 * more. Faults: RATE_LIMITED when too many streams are open.
 */
export async function sendEvents(
  reply: FastifyReply,
  events: (signal: AbortSignal) => AsyncIterable<ServerEvent>,
  recheck: () => Promise<unknown>,
): Promise<FastifyReply> {
  const open = streams.get(reply.server.server) ?? new Set()
  if (open.size >= MOST_STREAMS) {
    reply.header('retry-after', 10)
    throw new Fault('RATE_LIMITED', `This replica serves ${MOST_STREAMS} streams already; try again, or ask without.`)
  }
  const ending = new AbortController()
  open.add(ending)
  const { raw } = reply
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value)
  reply.hijack()
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
  raw.flushHeaders()
  raw.on('close', () => ending.abort())
  const beat = setInterval(() => raw.write(':\n\n'), BEAT_MS)
  const check = setInterval(() => void recheck().catch(() => ending.abort()), RECHECK_MS)
  try {
    for await (const each of events(ending.signal)) {
      if (ending.signal.aborted) break
      if (!raw.write(written(each))) await drained(raw, ending.signal)
    }
  } finally {
    clearInterval(beat)
    clearInterval(check)
    open.delete(ending)
    ending.abort()
    raw.end()
  }
  return reply
}

function written({ event, id, data }: ServerEvent): string {
  const lines = data.split('\n').map((line) => `data: ${line}`)
  return [`event: ${event}`, ...(id === undefined ? [] : [`id: ${id}`]), ...lines, '', ''].join('\n')
}

function drained(raw: FastifyReply['raw'], signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    raw.once('drain', resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
