import { describe, expect, it } from 'vitest'
import { SHAPES, writeFigures } from '../../../src/api/shapes.ts'
import { pack, tagOf, unpack } from '../../../src/gateway/cache/pack.ts'
import { anyFigures } from './figures.ts'
import { inWorlds, must, SEEDS } from './worlds.ts'

const WORLDS = 2000

describe('packed figures', () => {
  it.each(SEEDS)('are written as they were before, to the last digit (%s seed %i)', async (_, seed) => {
    await inWorlds(seed, WORLDS, (random) => {
      const figures = anyFigures(random)
      const packed = pack(figures)
      const again = unpack(packed)
      for (const shape of SHAPES) {
        const [before, after] = [writeFigures(figures, shape), writeFigures(again, shape)]
        must(before === after, () => `${before}\nbecame\n${after}`)
      }
      must(tagOf(pack(again)) === tagOf(packed), () => 'packed once more, they have another tag')
    })
  })

  it('have another tag when any byte of them is another', () => {
    const packed = pack({
      columns: [{ name: 'n', role: 'metric', type: 'int64' }],
      values: [[12n]],
      rowCount: 1,
      freshness: { asOf: 'now', finalThrough: null, sources: [] },
      notices: [],
      totals: undefined,
      truncated: false,
    })
    const tags = packed.keys().map((i) => tagOf(Buffer.from(packed.map((byte, at) => (at === i ? byte ^ 1 : byte)))))
    expect(new Set([...tags, tagOf(packed)]).size).toBe(packed.length + 1)
  })

  it('are refused when they hold no number where there should be one', () => {
    const text = JSON.stringify({ columns: [{ name: 'n', type: 'decimal' }], values: [['12x']] })
    expect(() => unpack(Buffer.from(text))).toThrow('a number that is none')
  })
})
