import { describe, expect, it } from 'vitest'
import { readArguments } from '../../src/cli/arguments.ts'
import { readFilter } from '../../src/cli/filterText.ts'
import { query } from '../../src/cli/query.ts'
import { questionOf } from '../../src/cli/questionArguments.ts'

const asked = (...args: string[]) => questionOf(readArguments(args, query.options, query.words))

describe('a question by options', () => {
  it('holds what was given and nothing else', () => {
    expect(asked('--metrics', 'ctr,clicks')).toEqual({ metrics: ['ctr', 'clicks'] })
  })

  it('takes lists with commas, words apart and options repeated', () => {
    expect(asked('--metrics', 'ctr,', 'clicks', '--metrics', 'cost', '--dimensions=channel')).toEqual({
      metrics: ['ctr', 'clicks', 'cost'],
      dimensions: ['channel'],
    })
  })

  it.each([
    [['--range', 'last 7 days'], 'last 7 days'],
    [['--range', 'last', '7', 'days', 'and', 'today'], 'last 7 days and today'],
    [['--range', '2026-11'], '2026-11'],
    [
      ['--range', '2026-11-14', '2026-11-20'],
      ['2026-11-14', '2026-11-20'],
    ],
    [
      ['--from', '2026-11-14', '--to', '2026-11-20'],
      ['2026-11-14', '2026-11-20'],
    ],
  ])('%j is a range', (args, range) => {
    expect(asked('--metrics', 'a', ...args)).toEqual({ metrics: ['a'], time: { range } })
  })

  it('says everything a question can', () => {
    const question = asked(
      ...['--metrics', 'clicks', '--dimensions', 'channel', '--range', 'today', '--grain', 'day', '--zone', 'UTC'],
      ...['--filter', 'channel in feed,search', '--filter', 'region = SH', '--having', 'clicks gt 100'],
      ...['--order', 'clicks:desc,channel', '--limit', '10', '--totals', '--align', '--finality', 'final'],
    )
    expect(question).toEqual({
      metrics: ['clicks'],
      dimensions: ['channel'],
      time: { range: 'today', grain: 'day', zone: 'UTC' },
      filters: [
        { field: 'channel', op: 'in', values: ['feed', 'search'] },
        { field: 'region', op: 'eq', values: ['SH'] },
      ],
      having: [{ field: 'clicks', op: 'gt', values: ['100'] }],
      order: [{ field: 'clicks', direction: 'desc' }, { field: 'channel' }],
      limit: 10,
      totals: true,
      align: true,
      finality: 'final',
    })
  })
})

describe('the grammar of filters', () => {
  it.each([
    ['channel in feed, search', { field: 'channel', op: 'in', values: ['feed', 'search'] }],
    ['channel NOTIN feed', { field: 'channel', op: 'notIn', values: ['feed'] }],
    ['channel isNull', { field: 'channel', op: 'isNull' }],
    ['clicks>=100', { field: 'clicks', op: 'gte', values: ['100'] }],
    ['clicks <> -1.50', { field: 'clicks', op: 'ne', values: ['-1.50'] }],
    ['clicks between 1,2', { field: 'clicks', op: 'between', values: ['1', '2'] }],
    ['is_gift = true', { field: 'is_gift', op: 'eq', values: [true] }],
    ['word eq "true"', { field: 'word', op: 'eq', values: ['true'] }],
    ['channel in feed,null', { field: 'channel', op: 'in', values: ['feed', null] }],
    [`name in "a, b",'it\\'s',"say \\"x\\""`, { field: 'name', op: 'in', values: ['a, b', "it's", 'say "x"'] }],
    ['advertiser.industry contains a=b', { field: 'advertiser.industry', op: 'contains', values: ['a=b'] }],
    ['city = 上海', { field: 'city', op: 'eq', values: ['上海'] }],
    ['a = ', { field: 'a', op: 'eq', values: [''] }],
    ['{"not":{"field":"a","op":"isNull"}}', { not: { field: 'a', op: 'isNull' } }],
  ])('%s', (text, filter) => {
    expect(readFilter(text, 'filter')).toEqual(filter)
  })

  it.each(['channel', '', '"odd', 'a = "odd', 'a in "x" y', '{"a":'])('refuses %s', (text) => {
    expect(() => readFilter(text, 'filter')).toThrow(/--filter/)
  })
})
