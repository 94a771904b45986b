import { describe, expect, it } from 'vitest'
import { asidesOf } from '../../../src/api/formats/asides.ts'
import { type Chunk, joined } from '../../../src/api/formats/blocks.ts'
import type { Numbers } from '../../../src/api/formats/cells.ts'
import type { MediaType } from '../../../src/api/formats/format.ts'
import { writeIn } from '../../../src/api/formats/write.ts'
import type { Column, Figures } from '../../../src/gateway/answerTypes.ts'
import { pack, unpack } from '../../../src/gateway/cache/pack.ts'
import type { Value } from '../../../src/merge/value.ts'
import { anyFigures } from '../../gateway/cache/figures.ts'
import { inWorlds, must, SEEDS } from '../../gateway/cache/worlds.ts'
import { type Cell, fromArrow, fromCsv, fromJson, fromNdjson, type Rows } from './readBack.ts'
import { receipt } from './receipt.ts'

const chunksOf = (figures: Figures, type: MediaType, numbers: Numbers = 'literal'): Iterable<Chunk> =>
  writeIn({ type, shape: 'rows', numbers }, figures, receipt, asidesOf(figures, receipt, numbers))
const bytesOf = (figures: Figures, type: MediaType, numbers?: Numbers): Buffer =>
  joined(chunksOf(figures, type, numbers))
const textOf = (figures: Figures, type: MediaType, numbers?: Numbers): string =>
  bytesOf(figures, type, numbers).toString('utf8')

/** One column of these values, and its rows number. */
function figuresOf(type: Column['type'], values: readonly Value[]): Figures {
  return {
    columns: [
      { name: 'v', role: 'metric', type },
      { name: 'row', role: 'dimension', type: 'int64' },
    ],
    values: [values, values.map((_, row) => row)],
    rowCount: values.length,
    freshness: { asOf: 'now', finalThrough: null, sources: [] },
    notices: [],
    totals: undefined,
    truncated: false,
  }
}

const arrowOf = (type: Column['type'], values: readonly Value[]) => {
  const { types, rows } = fromArrow(bytesOf(figuresOf(type, values), 'application/vnd.apache.arrow.stream'))
  return [types[0], rows.map(([cell]) => cell)]
}

/** The reader of Arrow takes a byte order mark at a text's beginning away. */
const unmarked = (cells: readonly Cell[]): readonly Cell[] => cells.map((cell) => cell?.replace(/^\ufeff/, '') ?? null)

const sameRows = (a: Rows, b: Rows): boolean => JSON.stringify(a) === JSON.stringify(b)

describe('every format', () => {
  it.each(SEEDS)('holds the same rows, to the last digit (%s seed %i)', async (_, seed) => {
    await inWorlds(seed, 1000, (random) => {
      const figures = anyFigures(random)
      const names = figures.columns.map(({ name }) => name)
      const rows = fromJson(textOf(figures, 'application/json', 'string'))
      const csv = fromCsv(textOf(figures, 'text/csv'))
      const arrow = fromArrow(bytesOf(figures, 'application/vnd.apache.arrow.stream'))
      must(rows.length === figures.rowCount, () => `${rows.length} rows of ${figures.rowCount}`)
      for (const numbers of ['literal', 'string'] as const) {
        const lines = fromNdjson(textOf(figures, 'application/x-ndjson', numbers), names)
        must(sameRows(lines, rows), () => `${JSON.stringify(rows)}\nby line ${JSON.stringify(lines)}`)
      }
      must(sameRows(csv.rows, rows), () => `${JSON.stringify(rows)}\nas CSV ${JSON.stringify(csv.rows)}`)
      must(
        sameRows(arrow.rows, rows.map(unmarked)),
        () => `${JSON.stringify(rows)}\nin Arrow ${JSON.stringify(arrow.rows)}`,
      )
      const wellFormed = names.map((name) => name.toWellFormed())
      must(sameRows([csv.names], [wellFormed]), () => `names ${csv.names}`)
      must(sameRows([arrow.names], [unmarked(wellFormed)]), () => `names ${arrow.names}`)
    })
  })

  it.each(SEEDS)('is the same bytes of an answer that was kept (%s seed %i)', async (_, seed) => {
    await inWorlds(seed, 500, (random) => {
      const figures = anyFigures(random)
      const again = unpack(pack(figures))
      for (const type of ['text/csv', 'application/x-ndjson', 'application/vnd.apache.arrow.stream'] as const) {
        must(bytesOf(figures, type).equals(bytesOf(again, type)), () => `${type} became another`)
      }
    })
  })
})

describe('numbers as texts', () => {
  it('are quoted everywhere, totals included, and nothing else is', () => {
    const figures: Figures = {
      ...figuresOf('decimal', [{ units: 12_345_678_901_234_567_890n, scale: 2 }, null]),
      totals: { names: ['v'], values: [{ units: 7n, scale: 1 }], finality: 'final' },
    }
    const { rows, totals } = JSON.parse(textOf(figures, 'application/json', 'string'))
    expect(rows).toEqual([
      ['123456789012345678.9', '0'],
      [null, '1'],
    ])
    expect(totals).toEqual([{ v: '0.7', finality: 'final' }])
    expect(asidesOf(figures, receipt, 'string').find(({ name }) => name === 'totals')?.text).toBe(
      '{"v":"0.7","finality":"final"}',
    )
    expect(textOf(figuresOf('boolean', [true]), 'application/x-ndjson', 'string')).toBe('{"v":true,"row":"0"}\n')
  })
})

describe('CSV', () => {
  it('quotes what would be read as something else, and tells a null from an empty text', () => {
    const texts = ['plain', 'a,b', 'say "no"', 'two\r\nlines', 'one\n', '', null, ' =1+1 ', '中文']
    expect(textOf(figuresOf('string', texts), 'text/csv')).toBe(
      'v,row\r\nplain,0\r\n"a,b",1\r\n"say ""no""",2\r\n"two\r\nlines",3\r\n"one\n",4\r\n"",5\r\n,6\r\n =1+1 ,7\r\n中文,8\r\n',
    )
  })
})

describe('Arrow', () => {
  it('takes int64 up to its very ends, and a decimal beyond', () => {
    const ends = [2n ** 63n - 1n, -(2n ** 63n)]
    expect(arrowOf('int64', [...ends, null, 7])).toEqual(['int64', [...ends.map(String), null, '7']])
    for (const beyond of [2n ** 63n, -(2n ** 63n) - 1n]) {
      expect(arrowOf('int64', [1, beyond])).toEqual(['decimal128(38, 0)', ['1', String(beyond)]])
    }
  })

  it('gives a column of decimals the largest scale of its values, and more bits or text where it must', () => {
    const of = (units: bigint, scale: number) => ({ units, scale })
    expect(arrowOf('decimal', [of(150n, 2), null, of(-1n, 3)])).toEqual(['decimal128(38, 3)', ['1.5', null, '-0.001']])
    const widest = 10n ** 38n - 1n
    expect(arrowOf('decimal', [of(-widest, 0)])).toEqual(['decimal128(38, 0)', [String(-widest)]])
    expect(arrowOf('decimal', [of(widest, 0), of(1n, 1)])).toEqual(['decimal256(76, 1)', [String(widest), '0.1']])
    const wider = 10n ** 76n - 1n
    expect(arrowOf('decimal', [of(-wider, 0)])).toEqual(['decimal256(76, 0)', [String(-wider)]])
    expect(arrowOf('int64', [wider + 1n, null, 1])).toEqual(['utf8', [String(wider + 1n), null, '1']])
  })

  it('keeps days as days, instants with their offset, and what is no day as text', () => {
    const days = ['1900-01-01', null, '2026-11-19', '2299-12-31']
    expect(arrowOf('date', days)).toEqual(['date32', days])
    expect(arrowOf('date', ['2026-11-19', '10000-01-01'])).toEqual(['utf8', ['2026-11-19', '10000-01-01']])
    const instants = ['2026-11-01T01:00:00-04:00', '2026-11-01T01:00:00-05:00', null]
    expect(arrowOf('timestamp', instants)).toEqual(['utf8', instants])
  })

  it('keeps nulls of every type, also where there is nothing else', () => {
    const types = ['date', 'timestamp', 'string', 'int64', 'decimal', 'float64', 'boolean'] as const
    expect(types.map((type) => arrowOf(type, [null, null]))).toEqual([
      ['date32', [null, null]],
      ['utf8', [null, null]],
      ['dictionary<utf8>', [null, null]],
      ['int64', [null, null]],
      ['decimal128(38, 0)', [null, null]],
      ['float64', [null, null]],
      ['bool', [null, null]],
    ])
    expect(arrowOf('string', ['', null, 'a', ''])).toEqual(['dictionary<utf8>', ['', null, 'a', '']])
    expect(types.map((type) => arrowOf(type, [])[1])).toEqual(types.map(() => []))
  })
})
