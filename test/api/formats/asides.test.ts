import { describe, expect, it } from 'vitest'
import { asidesOf, headersOf, TOO_LONG_FOR_NOTICES } from '../../../src/api/formats/asides.ts'
import type { Figures } from '../../../src/gateway/answerTypes.ts'
import { receipt } from './receipt.ts'

const empty: Figures = {
  columns: [{ name: 'finality', role: 'finality', type: 'string' }],
  values: [[]],
  rowCount: 0,
  freshness: { asOf: 'now', finalThrough: null, sources: [] },
  notices: [],
  totals: undefined,
  truncated: false,
}
const notice = (message: string) => ({ code: 'TODAY', from: '2026-11-20', to: '2026-11-20', message })
const source = { source: 'click_day', from: '2026-11-18', to: '2026-11-18', finality: 'missing' } as const

const headers = (figures: Figures): Readonly<Record<string, string>> => headersOf(asidesOf(figures, receipt, 'literal'))

describe('headers beside a table', () => {
  it('hold what a header may hold, whatever stands in a text', () => {
    const notices = [notice('行业 "é"\u0000\u007f\r\n👩 \ud800')]
    const text = headers({ ...empty, notices })['x-oneservice-notices'] ?? ''
    expect(text).toMatch(/^[ -~]+$/)
    expect(JSON.parse(text)).toEqual(notices)
  })

  it('are short where they would be long', () => {
    const figures: Figures = {
      ...empty,
      freshness: { ...empty.freshness, sources: Array.from({ length: 200 }, () => source) },
      notices: Array.from({ length: 200 }, () => notice('so it is')),
      totals: {
        names: Array.from({ length: 100 }, (_, i) => `${'long'.repeat(12)}${i}`),
        values: Array.from({ length: 100 }, () => 1n),
        finality: 'final',
      },
    }
    expect(headers(figures)).toMatchObject({
      'x-oneservice-freshness': '{"asOf":"now","finalThrough":null}',
      'x-oneservice-notices': '200',
      'x-oneservice-totals': '100',
    })
    const asides = asidesOf(figures, receipt, 'literal')
    expect(JSON.parse(asides.find(({ name }) => name === 'notices')?.text ?? '')).toEqual(figures.notices)
  })

  it('have subtotals and the next page where there are any', () => {
    const subtotal = {
      by: ['channel'],
      columns: [{ name: 'channel', role: 'dimension', type: 'string' } as const],
      values: [['搜索', null]],
      rowCount: 2,
    }
    const told = headers({ ...empty, subtotals: [subtotal], nextCursor: 'page-2' })
    expect(JSON.parse(told['x-oneservice-subtotals'] ?? '')).toEqual([
      { by: ['channel'], rows: [{ channel: '搜索' }, { channel: null }] },
    ])
    expect(told['x-oneservice-next-cursor']).toBe('page-2')
    const many = headers({ ...empty, subtotals: Array.from({ length: 200 }, () => subtotal), nextCursor: null })
    expect(many['x-oneservice-subtotals']).toBe('200')
    expect(Object.keys(many)).not.toContain('x-oneservice-next-cursor')
  })

  it('have notices up to 4 kB', () => {
    const fits = 'x'.repeat(TOO_LONG_FOR_NOTICES - 1 - JSON.stringify([notice('')]).length)
    expect(headers({ ...empty, notices: [notice(fits)] })['x-oneservice-notices']).toContain(fits)
    expect(headers({ ...empty, notices: [notice(`${fits}x`)] })['x-oneservice-notices']).toBe('1')
  })

  it('tell the worst finality of the rows, and of the days where there are none', () => {
    const freshness = { ...empty.freshness, sources: [source] }
    expect(headers({ ...empty, freshness })['x-oneservice-finality']).toBe('missing')
    const rows = { ...empty, freshness, rowCount: 2, values: [['final', 'provisional']] }
    expect(headers(rows)['x-oneservice-finality']).toBe('provisional')
    expect(headers({ ...rows, values: [['final', 'final']] })['x-oneservice-finality']).toBe('final')
  })
})
