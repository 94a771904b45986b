import { describe, expect, it } from 'vitest'
import { answerLines } from '../../src/cli/answerText.ts'
import { formatNumber } from '../../src/cli/numberFormat.ts'
import { formatTable } from '../../src/cli/table.ts'
import { widthOf } from '../../src/cli/width.ts'
import { readAnswer } from '../../src/cli/wire.ts'

const plain = (text: string): string => text

describe('a number in its format', () => {
  it.each([
    ['0.031', '.2%', '3.10%'],
    ['0.12345', '.1%', '12.3%'],
    ['0.99995', '.2%', '100.00%'],
    ['1234567.5', ',.2f', '1,234,567.50'],
    ['1.005', '.2f', '1.01'],
    ['-0.004', '.2f', '0.00'],
    ['-1234.5', ',d', '-1,235'],
    ['999', ',', '999'],
    ['1234567.25', ',', '1,234,567.25'],
    ['90071992547409931234', ',d', '90,071,992,547,409,931,234'],
    ['0.1000', '.4~f', '0.1'],
    ['1e-7', '.8f', '0.00000010'],
    ['1e21', ',', '1,000,000,000,000,000,000,000'],
    ['12.5', undefined, '12.5'],
    ['12.5', '$,.2f', '12.5'],
    ['12.5', '.3s', '12.5'],
  ])('%s as %s is %s', (digits, format, text) => {
    expect(formatNumber(digits, format)).toBe(text)
  })
})

describe('the width of a text', () => {
  it.each([
    ['feed', 4],
    ['上海', 4],
    ['ａｂ', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['👍🏽', 2],
    ['👨‍👩‍👧', 2],
    ['サービス', 8],
    ['한국', 4],
    ['', 0],
  ])('%s takes %i columns', (text, width) => {
    expect(widthOf(text)).toBe(width)
  })
})

describe('a table', () => {
  it('aligns Chinese text, puts numbers to the right and cuts nothing', () => {
    const lines = formatTable(
      [
        { title: 'city', align: 'left' },
        { title: 'n', align: 'right' },
        { title: 'why', align: 'left' },
      ],
      [
        [{ text: '上海' }, { text: '5' }, { text: '' }],
        [{ text: 'Rome' }, { text: '12' }, { text: 'x'.repeat(200) }],
      ],
      plain,
    )
    expect(lines).toEqual(['city   n  why', `────  ──  ${'─'.repeat(200)}`, '上海   5', `Rome  12  ${'x'.repeat(200)}`])
  })

  it('shows what a store holds without letting it steer the terminal', () => {
    const [, , line] = formatTable([{ title: 'a', align: 'left' }], [[{ text: 'x\x1b[31m\n\u202ey' }]], plain)
    expect(line).toBe('x\\u{1b}[31m\\n\\u{202e}y')
  })
})

const ANSWER = `{"columns":[{"name":"time","role":"time","type":"date","grain":"day"},{"name":"city","role":"dimension","type":"string"},
{"name":"clicks","role":"metric","type":"int64"},{"name":"ctr","role":"metric","type":"float64","format":".2%"},{"name":"finality","role":"finality","type":"string"}],
"rows":[{"time":"2026-11-18","city":"上海","clicks":12345678901234567890,"ctr":0.031,"finality":"final"},
{"time":"2026-11-19","city":null,"clicks":null,"ctr":null,"finality":"missing"}],
"freshness":{"asOf":"2026-11-20T10:31:07+08:00","finalThrough":"2026-11-18","sources":[{"source":"ad_day","from":"2026-11-18","to":"2026-11-18","finality":"final"},
{"source":null,"from":"2026-11-19","to":"2026-11-20","finality":"missing","reason":"realtime_down"}]},
"notices":[{"code":"REALTIME_DOWN","from":"2026-11-19","to":"2026-11-20","message":"Both days are missing."}],
"totals":[{"clicks":12345678901234567890,"ctr":0.031,"finality":"missing"}],"truncated":true,"nextCursor":null,
"receipt":{"queryId":"q","catalogVersion":"c0ffee","epoch":42,"cache":"miss","approximate":[]}}`

describe('an answer', () => {
  it('is a table, its totals, how many rows, and how far they can be trusted; numbers digit for digit', () => {
    expect(answerLines(readAnswer(ANSWER), plain).join('\n')).toBe(
      [
        'time        city                clicks    ctr  finality',
        '──────────  ────  ────────────────────  ─────  ────────',
        '2026-11-18  上海  12345678901234567890  3.10%  final',
        '2026-11-19  null                  null   null  missing',
        '──────────  ────  ────────────────────  ─────  ────────',
        'total             12345678901234567890  3.10%  missing',
        '',
        '2 rows, and there are more: the answer is cut here (see --limit)',
        '! Both days are missing.',
        'final through 2026-11-18, as of 2026-11-20T10:31:07+08:00',
        '  ad_day     2026-11-18                final',
        '  no source  2026-11-19 to 2026-11-20  missing (realtime_down)',
        'catalog c0ffee, epoch 42',
      ].join('\n'),
    )
  })

  it('of something else than a gateway is refused', () => {
    expect(() => readAnswer('<html>')).toThrow(/not JSON/)
    expect(() => readAnswer('{"columns":[]}')).toThrow(/at "rows"/)
  })
})
