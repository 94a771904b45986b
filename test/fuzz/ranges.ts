import type { Random } from './random.ts'

/** Ranges that can't be: each must be refused at /time/range. */
export const IMPOSSIBLE: readonly (string | readonly string[])[] = [
  ['2026-11-20', '2026-11-19'],
  ['2026-11-20T10:01', '2026-11-20T10:00'],
  '2026-02-30',
  '2026-02-29',
  '2026-13',
  '2026-00',
  '2026-13-01',
  '2026-01-00',
  '2026-01-32',
  '2026-11-31',
  '0000',
  '0000-01-01',
  '0000-00-00',
  '0001',
  '1899-12-31',
  '2300-01-01',
  '9999',
  '9999-12-31',
  '9999-12',
  '99999-01-01',
  '-2026-01-01',
  '+2026-01-01',
  '+012026-01-01',
  '2026-11-20T24:00',
  '2026-11-20T23:60',
  '2026-11-20T23:59:60',
  '2026-06-30T23:59:60Z',
  '2026-11-20T23:59:59.1234',
  '2026-11-20T10:00+99:99',
  '2026-11-20T10:00-99:99',
  '2026-11-20T10:00+24:00',
  '2026-11-20T10:00+08:60',
  '2026-11-20T10:00+8',
  '2026-11-20T10:00Z[UTC]',
  '2026-11-20T',
  '2026-W47',
  '2026-324',
  '20261120',
  '11/20/2026',
  '1e3',
  '2026-11-20 to 2026-11-21',
  ['2026-11-20', 'today'],
  ['today', '2026-11-20'],
  ['today', 'today'],
  ['', ''],
  ['2026-11-20', ''],
  ' ',
  'last',
  'last 0 days',
  'last -1 days',
  'last 1.5 days',
  'last 1e3 days',
  'last 99999 years',
  'last 99999 quarters',
  'last 99999 days',
  'last 99999 weeks and today',
  'last 999999 days',
  'last 99999999999999999999 days',
  'last Infinity days',
  'last NaN days',
  'last 7 hours and today',
  'next 7 days',
  'decade to date',
  'this century',
  'last ７ days',
  'l\u0430st 7 days',
  'today\u0000',
  'toda\u200by',
  "today'; --",
  '\u202etoday',
  ['1900-01-01', '2299-12-31'],
  ['1900', '2026'],
  'x'.repeat(60),
]

/** A range of random digits in the shape of one; it may be possible. */
export function randomRange(random: Random): string | string[] {
  const digits = (count: number) => Array.from({ length: count }, () => random.int(10)).join('')
  const edge = () => {
    const date = [digits(4), digits(2), digits(2)].slice(0, 1 + random.int(3)).join('-')
    if (random.chance(0.5)) return date
    const time = [digits(2), digits(2), digits(2)].slice(0, 1 + random.int(3)).join(':')
    const offset = random.pick(['', 'Z', `+${digits(2)}:${digits(2)}`, `-${digits(2)}:${digits(2)}`, `.${digits(3)}`])
    return `${date}T${time}${offset}`
  }
  if (random.chance(0.4)) {
    const unit = random.pick(['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'])
    return `last ${digits(1 + random.int(6))} ${unit}s${random.chance(0.3) ? ' and today' : ''}`
  }
  return random.chance(0.3) ? edge() : [edge(), edge()]
}
