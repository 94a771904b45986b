import { describe, expect, it } from 'vitest'
import { printPredicate } from '../../src/plan/print.ts'
import type { QuestionInput } from '../../src/query/question.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import { resolve } from '../../src/query/resolve.ts'
import { refusalsOf } from '../support/refuses.ts'
import { compiled } from '../support/shopCatalog.ts'

const context = { catalog: compiled(), now: Date.parse('2026-11-20T10:31:07+08:00'), scope: [] }
const ask = (question: QuestionInput) => resolve(readQuestion(question), context).question
const refused = (question: unknown): string[] => refusalsOf(() => resolve(readQuestion(question), context))
const filtered = (...filters: NonNullable<QuestionInput['filters']>): string =>
  ask({ metrics: ['clicks'], filters })
    .filters.map((filter) => printPredicate(filter))
    .join(' and ')

describe('names', () => {
  it('asks for each atomic metric once, whoever needs it', () => {
    const { series, metrics } = ask({
      metrics: ['cpc', 'clicks', 'feed_clicks', { metric: 'cpc', modifiers: ['feed'], as: 'feed_cpc' }],
    })
    expect(series.map(({ request }) => request.id)).toEqual(['cost', 'clicks', 'clicks[feed]', 'cost[feed]'])
    expect(metrics.map((metric) => [metric.name, metric.kind === 'formula' && metric.reads])).toEqual([
      ['cpc', ['cost', 'clicks']],
      ['clicks', ['clicks']],
      ['feed_clicks', ['clicks[feed]']],
      ['feed_cpc', ['cost[feed]', 'clicks[feed]']],
    ])
  })

  it('refuses every unknown name at once, each with its place and what is near', () => {
    expect(
      refused({
        metrics: ['clikcs', { metric: 'clicks', modifiers: ['food'] }],
        dimensions: ['chanel', 'advertiser.industri'],
        filters: [{ and: [{ field: 'channel', op: 'eq', values: ['a'] }, { not: { field: 'nope', op: 'isNull' } }] }],
        order: [{ field: 'gmv' }],
      }),
    ).toEqual([
      '/dimensions/0 UNKNOWN_DIMENSION There is no dimension "chanel". Did you mean "channel"?',
      '/dimensions/1 UNKNOWN_DIMENSION There is no attribute of advertiser "industri". Did you mean "industry"?',
      '/metrics/0 UNKNOWN_METRIC There is no metric "clikcs". Did you mean "clicks"?',
      '/metrics/1/modifiers UNKNOWN_MODIFIER There is no modifier of click "food".',
      '/filters/0/and/1/not/field UNKNOWN_DIMENSION There is no dimension "nope".',
      '/order/0/field UNKNOWN_COLUMN There is no column in the answer called "gmv".',
    ])
  })

  it('leads from another word for a metric to its name', () => {
    const catalog = compiled()
    expect(catalog.dimensions.get('advertiser')?.aliases).toEqual(['广告主'])
    expect(refused({ metrics: ['clicks', 'clicks'] })).toEqual([
      '/metrics/1 DUPLICATE_COLUMN The answer has a column "clicks" already; give this one another name with "as".',
    ])
  })

  it('refuses a dimension that one of the processes does not carry', () => {
    expect(refused({ metrics: ['roi'], dimensions: ['channel'] })).toEqual([
      '/dimensions/0 NOT_ANSWERABLE "sale" does not carry the dimension "channel", so its metrics can\'t be asked by it; it carries advertiser, country.',
    ])
  })
})

describe('form', () => {
  it.each([
    [{ metrics: [] }, '/metrics INVALID_QUESTION'],
    [{ metric: ['clicks'] }, '/metric UNKNOWN_KEY "metric" is not known here. Did you mean "metrics"'],
    [{ metrics: ['clicks'], time: { grain: 'dya' } }, '/time/grain INVALID_VALUE "dya" is neither a grain'],
    [
      { metrics: ['clicks'], filters: [{ filed: 'channel', op: 'eq', values: ['a'] }] },
      '/filters/0/filed UNKNOWN_KEY "filed" is not known here. Did you mean "field"?',
    ],
    [
      { metrics: ['clicks'], filters: [{ or: [{ field: 'channel', op: 'eq', values: [{}] }] }] },
      '/filters/0/or/0/values/0 INVALID_QUESTION',
    ],
    [
      { metrics: ['clicks'], filters: [{ field: 'channel', op: 'eq', values: ['a'], or: [] }] },
      '/filters/0/or INVALID_QUESTION',
    ],
    [{ metrics: ['clicks'], limit: -1 }, '/limit INVALID_QUESTION'],
    [{ metrics: ['clicks'], limit: 1.5 }, '/limit INVALID_QUESTION'],
    [null, ' INVALID_QUESTION'],
    [[], ' INVALID_QUESTION'],
  ])('%j', (question, start) => {
    const all = refused(question)
    expect(
      all.some((each) => each.startsWith(start)),
      all.join('\n'),
    ).toBe(true)
  })

  it('bounds what all filters together may hold', () => {
    const filter = (count: number, length: number) => ({
      field: 'channel',
      op: 'in',
      values: Array.from({ length: count }, () => 'x'.repeat(length)),
    })
    expect(
      refused({ metrics: ['clicks'], filters: [filter(5000, 1), filter(5000, 1)], dimensions: ['nope'] }),
    ).toHaveLength(1)
    expect(refused({ metrics: ['clicks'], filters: [{ not: { or: [filter(5000, 1), filter(5001, 1)] } }] })[0]).toMatch(
      /^\/filters OVER_BUDGET The filters hold 10001 values/,
    )
    expect(refused({ metrics: ['clicks'], filters: [filter(101, 1000)] })[0]).toMatch(/of 101000 characters/)
  })

  it('checks values against the type of their field', () => {
    const values = (field: string, op: string, ...list: unknown[]) =>
      refused({ metrics: ['clicks'], filters: [{ field, op, values: list }] })[0] ?? 'taken'
    expect(values('advertiser', 'eq', 'x')).toMatch(/^\/filters\/0\/values\/0 INVALID_VALUE "x" is not an integer/)
    expect(values('advertiser', 'eq', '9223372036854775808')).toMatch(/is not an integer/)
    expect(values('channel', 'eq', 3)).toMatch(/3 is not a text/)
    expect(values('channel', 'eq', null)).toMatch(/use isNull/)
    expect(values('channel', 'between', 'a')).toMatch(/between takes 2 values, not 1/)
    expect(values('channel', 'eq', 'a\u0000b')).toMatch(/U\+0000/)
    expect(values('advertiser', 'contains', 1)).toMatch(/contains reads texts/)
    expect(values('advertiser.vip', 'gt', true)).toMatch(/needs an order/)
  })
})

describe('filters', () => {
  it('push not down to comparisons, so that a null matches neither side', () => {
    expect(
      filtered({
        not: {
          and: [
            { field: 'channel', op: 'eq', values: ['a'] },
            { field: 'advertiser', op: 'gt', values: [3] },
          ],
        },
      }),
    ).toBe('(channel ne a or advertiser lte 3)')
    expect(filtered({ not: { not: { field: 'channel', op: 'between', values: ['a', 'b'] } } })).toBe(
      '(channel gte a and channel lte b)',
    )
    expect(filtered({ not: { field: 'channel', op: 'between', values: ['a', 'b'] } })).toBe(
      '(channel lt a or channel gt b)',
    )
  })

  it('let in and notIn match null only where it is listed', () => {
    expect(filtered({ field: 'channel', op: 'notIn', values: ['a'] })).toBe('channel not in (a)')
    expect(filtered({ field: 'channel', op: 'notIn', values: ['a', null] })).toBe('channel not in (a, null)')
    expect(filtered({ not: { field: 'channel', op: 'in', values: ['a', null] } })).toBe('channel not in (a)')
    expect(filtered({ not: { field: 'channel', op: 'notIn', values: ['a', null] } })).toBe('channel in (a)')
  })

  it('take integers beyond 2^53 as text, digit for digit', () => {
    expect(filtered({ field: 'advertiser', op: 'eq', values: ['9007199254740993'] })).toBe(
      'advertiser eq 9007199254740993',
    )
  })
})

describe('time', () => {
  it('cuts each process in its own zone unless one is asked', () => {
    const { windows } = ask({ metrics: ['roi'], time: { range: 'yesterday', grain: 'day' } })
    expect(
      [...windows.values()].map(({ process, interval }) => [process, new Date(interval.from).toISOString()]),
    ).toEqual([
      ['sale', '2026-11-19T00:00:00.000Z'],
      ['click', '2026-11-18T16:00:00.000Z'],
    ])
    const asked = ask({ metrics: ['roi'], time: { range: 'yesterday', zone: 'utc' } })
    expect(new Set([...asked.windows.values()].map(({ interval }) => interval.from)).size).toBe(1)
  })

  it('ends with today, whatever is asked', () => {
    const window = ask({ metrics: ['clicks'], time: { range: ['2026-11-20', '2027-01-01'] } }).windows.get('click')
    expect(new Date(window?.interval.to ?? 0).toISOString()).toBe('2026-11-20T16:00:00.000Z')
    const future = ask({ metrics: ['clicks'], time: { range: ['2027-01-01', '2027-01-02'] } }).windows.get('click')
    expect(future !== undefined && future.interval.to <= future.interval.from).toBe(true)
  })

  it('refuses a zone that is none', () => {
    expect(refused({ metrics: ['clicks'], time: { zone: 'Asia/Shangai' } })[0]).toMatch(
      /^\/time\/zone INVALID_ZONE .*"Asia\/Shanghai"/,
    )
  })
})
