import type { FastifyReply } from 'fastify'

/** Fires when the client hangs up before its answer is sent, so that its statements can be ended in their stores. */
export function signalOf(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableEnded) controller.abort()
  })
  return controller.signal
}
