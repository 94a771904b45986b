import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { describe, expect, it } from 'vitest'
import { asidesOf } from '../../../src/api/formats/asides.ts'
import { streamed } from '../../../src/api/formats/blocks.ts'
import { MEDIA_TYPES } from '../../../src/api/formats/format.ts'
import { writeIn } from '../../../src/api/formats/write.ts'
import type { Figures } from '../../../src/gateway/answerTypes.ts'
import { receipt } from './receipt.ts'

const ROWS = 50_000

const large: Figures = {
  columns: [
    { name: 'place', role: 'dimension', type: 'string' },
    { name: 'sum', role: 'metric', type: 'decimal' },
    { name: 'finality', role: 'finality', type: 'string' },
  ],
  values: [
    Array.from({ length: ROWS }, (_, row) => `place ${row % 1000}`),
    Array.from({ length: ROWS }, (_, row) => ({ units: BigInt(row), scale: 2 })),
    Array.from({ length: ROWS }, () => 'final'),
  ],
  rowCount: ROWS,
  freshness: { asOf: 'now', finalThrough: null, sources: [] },
  notices: [],
  totals: undefined,
  truncated: false,
}

describe('a large answer', () => {
  it.each(MEDIA_TYPES.flatMap((type) => (['records', 'columns'] as const).map((shape) => [type, shape] as const)))(
    'is written in many small chunks as %s (%s)',
    (type, shape) => {
      const asides = asidesOf(large, receipt, 'literal')
      const chunks = [...writeIn({ type, shape, numbers: 'literal' }, large, receipt, asides)]
      const sizes = chunks.map((chunk) => Buffer.byteLength(chunk))
      expect(chunks.length).toBeGreaterThan(15)
      expect(Math.min(...sizes)).toBeGreaterThan(0)
      expect(Math.max(...sizes)).toBeLessThan(sizes.reduce((sum, size) => sum + size) / 5)
    },
  )
})

/** Chunks of 64 KiB that count how many of them were made, and whether anybody waits for more. */
function counted(count: number) {
  const state = { made: 0, over: false }
  function* chunks(): Generator<Uint8Array> {
    try {
      for (let i = 0; i < count; i++) {
        state.made += 1
        yield Buffer.alloc(65_536, i)
      }
    } finally {
      state.over = true
    }
  }
  return { state, stream: streamed(chunks()) }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('a stream', () => {
  it('is not written ahead of its reader', async () => {
    const { state, stream } = counted(100)
    const ahead: number[] = []
    let taken = 0
    const slow = new Writable({
      highWaterMark: 1,
      write(_chunk, _encoding, done) {
        taken += 1
        ahead.push(state.made - taken)
        setTimeout(done, 1)
      },
    })
    await pipeline(stream, slow)
    expect(taken).toBe(100)
    expect(Math.max(...ahead)).toBeLessThanOrEqual(3)
  })

  it('lets others have their turn between chunks, however fast it is read', async () => {
    const { stream } = counted(50)
    let turns = 0
    let isRead = false
    const others = (async () => {
      while (!isRead) {
        await turn()
        turns += 1
      }
    })()
    await pipeline(stream, new Writable({ write: (_chunk, _encoding, done) => done() }))
    isRead = true
    await others
    expect(turns).toBeGreaterThanOrEqual(50)
  })

  it('ends its writing when its reader goes away', async () => {
    const { state, stream } = counted(100)
    stream.once('data', () => stream.destroy())
    await new Promise((resolve) => stream.once('close', resolve))
    await turn()
    expect(state.over).toBe(true)
    expect(state.made).toBeLessThan(5)
  })

  it('breaks when the writing does', async () => {
    function* broken(): Generator<string> {
      yield 'a'
      throw new RangeError('broken')
    }
    await expect(streamed(broken()).toArray()).rejects.toThrow('broken')
  })
})
