import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Soon } from '../../base/soon.ts'
import { answer, keptAnswer } from '../../gateway/answer.ts'
import type { Delivery, Figures, Receipt } from '../../gateway/answerTypes.ts'
import { unpack } from '../../gateway/cache/pack.ts'
import type { Caller } from '../../gateway/caller.ts'
import { receiptOf } from '../../gateway/receipt.ts'
import type { Question } from '../../query/question.ts'
import { describeDelivery, hasAlready } from '../caching.ts'
import type { ApiContext } from '../context.ts'
import { asidesOf, headersOf } from '../formats/asides.ts'
import { type Chunk, joined, rowsABlock, streamed } from '../formats/blocks.ts'
import { CONTENT_TYPES, type Representation, suffixOf } from '../formats/format.ts'
import { writeIn } from '../formats/write.ts'
import { signalOf } from '../hangUp.ts'
import { traceFor } from '../trace.ts'

/** A request whose caller is known. */
export interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly caller: Caller
  readonly context: ApiContext
}

/** How an answer came here, and what is told of that. */
interface Parcel {
  readonly representation: Representation
  readonly delivery: Delivery
  readonly queryId: string
  readonly maxStaleness: number
}

/** A body, and the headers that its format needs besides. */
export interface Written {
  readonly headers?: Readonly<Record<string, string>>
  readonly body: Buffer | Readable
}

/**
 * Answers a question in the representation asked for. JSON that was written of a kept answer is kept beside it and goes
 * out as the very bytes; tables are written anew. What is longer than a block is streamed.
 */
export function sendAnswer(exchange: Exchange, question: Question, representation: Representation): Soon<FastifyReply> {
  const { caller, context } = exchange
  const kept = keptAnswer(question, caller, context.gateway)
  if (kept === undefined) return compute(exchange, question, representation)
  const { prepared, entry } = kept
  const { cache, observer } = context.gateway
  const delivery = cache.deliveryOf(entry)
  observer.question(caller, delivery)
  const { queryId, tag } = entry
  const parcel = { representation, delivery, queryId, maxStaleness: question.maxStaleness }
  return deliver(exchange, parcel, () => {
    const isKept = representation.type === 'application/json'
    const name = `${suffixOf(representation)} ${prepared.snapshot.epoch}`
    const form = isKept ? entry.forms.get(name) : undefined
    if (form !== undefined) return { body: form.bytes }
    const keep = (bytes: Buffer): void => cache.keepForm(delivery, name, { tag, bytes })
    return write(representation, unpack(entry.packed), receiptOf(prepared, queryId, 'hit'), isKept ? keep : undefined)
  })
}

async function compute(exchange: Exchange, question: Question, representation: Representation): Promise<FastifyReply> {
  const { request, reply, caller, context } = exchange
  const options = { signal: signalOf(reply), trace: traceFor(request) }
  const given = await answer(question, caller, context.gateway, options)
  const { delivery, receipt } = given
  const parcel = { representation, delivery, queryId: receipt.queryId, maxStaleness: question.maxStaleness }
  return deliver(exchange, parcel, () => write(representation, given, receipt))
}

/** Nothing is written for a caller who has the very representation. */
function deliver({ request, reply }: Exchange, parcel: Parcel, make: () => Written): FastifyReply {
  const { representation, delivery, queryId, maxStaleness } = parcel
  request.queries = [queryId]
  const etag = `"${delivery.tag}-${suffixOf(representation)}"`
  const written = hasAlready(request, etag) ? undefined : make()
  describeDelivery(reply, delivery, etag, maxStaleness)
  return written === undefined ? reply.code(304).send() : sendWritten(reply, representation, written)
}

/** Sends a written answer under the media type it was written in. */
export function sendWritten(reply: FastifyReply, { type }: Representation, { headers, body }: Written): FastifyReply {
  reply.header('content-type', CONTENT_TYPES[type])
  if (headers !== undefined) reply.headers(headers)
  return reply.send(body)
}

/** An answer's body in a representation. */
export function write(
  representation: Representation,
  figures: Figures,
  receipt: Receipt,
  keep?: (bytes: Buffer) => void,
): Written {
  const asides = representation.type === 'application/json' ? [] : asidesOf(figures, receipt, representation.numbers)
  const headers = headersOf(asides)
  const chunks = writeIn(representation, figures, receipt, asides)
  if (figures.rowCount > rowsABlock(figures.columns.length)) {
    return { headers, body: streamed(keep === undefined ? chunks : collecting(chunks, keep)) }
  }
  const body = joined(chunks)
  keep?.(body)
  return { headers, body }
}

/** The same chunks, and all of them together for whoever keeps them, once the last has gone. */
function* collecting(chunks: Iterable<Chunk>, keep: (bytes: Buffer) => void): Generator<Chunk> {
  const gone: Chunk[] = []
  for (const chunk of chunks) {
    gone.push(chunk)
    yield chunk
  }
  keep(joined(gone))
}
