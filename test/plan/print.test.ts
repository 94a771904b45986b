import { describe, expect, it } from 'vitest'
import { planOf } from '../support/planOf.ts'

const scope = [{ dimension: 'advertiser', type: 'integer', values: ['42'] }] as const

describe('the plan', () => {
  it('reads a process in one pass, and carries the scope into every pass', () => {
    const question = {
      metrics: ['roi', 'cpc', 'feed_clicks'],
      dimensions: ['advertiser.industry'],
      time: { range: 'last 7 days', grain: 'day' },
      filters: [{ not: { field: 'advertiser', op: 'in' as const, values: [1, 2] } }],
      having: [{ field: 'roi', op: 'gt' as const, values: [1] }],
      order: [{ field: 'roi', direction: 'desc' as const }],
      limit: 10,
    }
    expect(planOf(question, scope)).toEqual([
      'limit 10',
      '  order by roi desc, the keys',
      '    having roi gt 1',
      '      compute roi, cpc, feed_clicks',
      '        full outer join on all keys',
      '          gmv of rows 1',
      '          cost of rows 2',
      '          clicks of rows 2',
      '          clicks[feed] of rows 2',
      'rows 1: aggregate gmv of sale | by time by day, advertiser.industry | from 2026-11-13T00:00:00+00:00 to before 2026-11-20T00:00:00+00:00 (UTC) | where advertiser not in (1, 2) | only advertiser in (42)',
      'rows 2: aggregate cost, clicks, clicks[feed] of click | by time by day, advertiser.industry | from 2026-11-13T00:00:00+08:00 to before 2026-11-20T00:00:00+08:00 (Asia/Shanghai) | where advertiser not in (1, 2) | only advertiser in (42)',
    ])
  })

  it('says what is computed over the whole answer, and what is kept of it', () => {
    const question = {
      metrics: ['clicks', { share: { of: 'clicks', within: ['time'] }, as: 'part' }],
      dimensions: ['channel'],
      time: { range: 'last 7 days', grain: 'day' },
      compare: { offset: '7 days' },
      top: { n: 3, by: 'clicks', others: true },
      offset: 20,
      limit: 10,
    }
    expect(planOf(question).slice(0, 4)).toEqual([
      'limit 10 after 20',
      '  order by the keys',
      '    over the whole answer: clicks__delta = clicks - clicks__previous, clicks__ratio = clicks / clicks__previous, part = share of clicks within time',
      '      keep 3 groups with the largest clicks, the rest as others',
    ])
  })
})
