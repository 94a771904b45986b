import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { GraphQLError } from 'graphql'
import { CloseCode } from 'graphql-ws'
import { useServer } from 'graphql-ws/use/ws'
import { type WebSocket, WebSocketServer } from 'ws'
import { Fault } from '../../../base/faults.ts'
import type { Caller } from '../../../gateway/caller.ts'
import type { ApiContext } from '../../context.ts'
import { RECHECK_MS } from '../../events.ts'
import { faultOf } from '../../problem.ts'
import { readBody } from '../request.ts'
import { readSubscription } from './subscribeTo.ts'

const PROTOCOL = 'graphql-transport-ws'
const MOST_MESSAGE_BYTES = 128 * 1024
const MOST_SOCKETS = 1000
const MOST_ON_ONE = 20

/** Headers have either spelling, and so have clients. */
interface FirstMessage extends Record<string, unknown> {
  readonly authorization?: unknown
  readonly Authorization?: unknown
}

interface Extra extends Record<PropertyKey, unknown> {
  /** Fires when the socket closes. */
  ended?: AbortSignal
}

/**
 * Subscriptions over WebSockets, in the protocol of graphql-ws. The credential comes with the upgrade or, as browsers
 * can't send one there, as `authorization` with the first message.
 */
export function serveSockets(app: FastifyInstance, context: ApiContext): void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MOST_MESSAGE_BYTES,
    handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
  })
  const serving = useServer<FirstMessage | undefined, Extra>(
    {
      async onConnect({ connectionParams, extra }) {
        try {
          await callerOf(extra.request, connectionParams, context)
          extra.ended = watch(extra.socket, () => callerOf(extra.request, connectionParams, context))
          return true
        } catch (error) {
          extra.socket.close(CloseCode.Forbidden, faultOf(error).message.slice(0, 120))
          return false
        }
      },
      onSubscribe: async ({ extra, connectionParams, subscriptions }, _id, payload) => {
        try {
          const { gateway, landings } = context
          const { ended: signal } = extra
          if (signal === undefined) throw new Fault('UNAUTHENTICATED', 'The connection was not initialised.')
          if (Object.keys(subscriptions).length > MOST_ON_ONE)
            throw new Fault('RATE_LIMITED', `One socket follows at most ${MOST_ON_ONE} things.`)
          // Each is asked for anew: a credential may have been revoked since the socket was opened.
          const caller = await callerOf(extra.request, connectionParams, context)
          await charge(caller, context)
          return await readSubscription(readBody(payload), { caller, gateway, landings, signal })
        } catch (error) {
          const { code, message } = faultOf(error)
          return [new GraphQLError(message, { extensions: { code } })]
        }
      },
    },
    sockets,
  )
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Who hangs up while being refused is no error of ours.
    socket.on('error', () => socket.destroy())
    const refusal = refusalOf(request, sockets.clients.size)
    if (refusal === undefined)
      sockets.handleUpgrade(request, socket, head, (each) => sockets.emit('connection', each, request))
    else socket.end(`HTTP/1.1 ${refusal}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
  }
  app.server.on('upgrade', upgrade)
  app.addHook('preClose', async () => {
    app.server.off('upgrade', upgrade)
    for (const each of sockets.clients) each.terminate()
    await serving.dispose()
  })
}

/**
 * A page may open a socket to any address, and a browser sends its origin along: one of another host is refused, as on
 * loopback no credential would be needed.
 */
function refusalOf({ url, headers }: IncomingMessage, open: number): string | undefined {
  if (url?.split('?')[0] !== '/graphql') return '404 Not Found'
  const { origin, host } = headers
  // "null" stands for pages that hide where they come from.
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)) return '403 Forbidden'
  return open >= MOST_SOCKETS ? '503 Service Unavailable' : undefined
}

async function callerOf(
  { headers }: IncomingMessage,
  given: FirstMessage | undefined,
  { identity }: ApiContext,
): Promise<Caller> {
  const told = given?.authorization ?? given?.Authorization
  const authorization = headers.authorization ?? (typeof told === 'string' ? told : undefined)
  return identity.callerOf({ host: headers.host, ...(authorization === undefined ? {} : { authorization }) })
}

async function charge({ id, rate }: Caller, { limiter }: ApiContext): Promise<void> {
  const verdict = rate && (await limiter.take(id, rate, 1))
  if (verdict?.allowed === false) throw new Fault('RATE_LIMITED', 'More was asked than the caller may.')
}

/** Closes a socket whose caller is not let in any more; gives the signal of its end. */
function watch(socket: WebSocket, check: () => Promise<unknown>): AbortSignal {
  const ending = new AbortController()
  const timer = setInterval(() => {
    check().catch((error: unknown) => socket.close(CloseCode.Forbidden, faultOf(error).message.slice(0, 120)))
  }, RECHECK_MS)
  socket.once('close', () => {
    clearInterval(timer)
    ending.abort()
  })
  return ending.signal
}
