import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** What is written at once, in cells: some tens of kilobytes, some milliseconds. */
const CELLS_A_BLOCK = 10_000
const FEWEST_ROWS = 100

/** Rows from `from` on, up to and without `to`. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** How many rows of so many columns are written at once. */
export function rowsABlock(columnCount: number): number {
  return Math.max(FEWEST_ROWS, Math.floor(CELLS_A_BLOCK / Math.max(1, columnCount)))
}

/** The rows of an answer, block by block; none when there are no rows. */
export function* spansOf(rowCount: number, columnCount: number): Generator<Span> {
  const rows = rowsABlock(columnCount)
  for (let from = 0; from < rowCount; from += rows) yield { from, to: Math.min(rowCount, from + rows) }
}

/** Part of an answer's bytes, never empty. Texts are to be written as UTF-8. */
export type Chunk = string | Uint8Array

/** All of it at once, for answers that are one block. */
export function joined(chunks: Iterable<Chunk>): Buffer {
  return Buffer.concat(Array.from(chunks, bytesOf))
}

/**
 * Chunks as a stream. The next one is made when there is room for it, so that a slow reader holds up the writing and
 * not the memory; between two of them others have their turn.
 */
export function streamed(chunks: Iterable<Chunk>): Readable {
  return Readable.from(paced(chunks), { objectMode: false })
}

async function* paced(chunks: Iterable<Chunk>): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    yield bytesOf(chunk)
    await nextTurn()
  }
}

function bytesOf(chunk: Chunk): Uint8Array {
  return typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}
