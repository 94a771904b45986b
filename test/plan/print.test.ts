import { describe, expect, it } from 'vitest'
import { buildPlan } from '../../src/plan/logical.ts'
import { printPlan } from '../../src/plan/print.ts'
import { rewrite } from '../../src/plan/rewrite.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import { resolve } from '../../src/query/resolve.ts'
import { compiled } from '../support/shopCatalog.ts'

const question = resolve(
  readQuestion({
    metrics: ['roi', 'cpc', 'feed_clicks'],
    dimensions: ['advertiser.industry'],
    time: { range: 'last 7 days', grain: 'day' },
    filters: [{ not: { field: 'advertiser', op: 'in', values: [1, 2] } }],
    having: [{ field: 'roi', op: 'gt', values: [1] }],
    order: [{ field: 'roi', direction: 'desc' }],
    limit: 10,
  }),
  {
    catalog: compiled(),
    now: Date.parse('2026-11-20T10:00:00Z'),
    scope: [{ dimension: 'advertiser', type: 'integer', values: ['42'] }],
  },
)

describe('the plan', () => {
  it('computes each metric on its own before it is rewritten', () => {
    expect(
      printPlan(buildPlan(question))
        .split('\n')
        .filter((line) => line.includes('aggregate')),
    ).toHaveLength(4)
  })

  it('reads a process in one pass after shareScans, and carries the scope into every pass', () => {
    expect(printPlan(rewrite(buildPlan(question)))).toBe(
      [
        'limit 10',
        '  order by roi desc, the keys',
        '    having roi gt 1',
        '      compute roi, cpc, feed_clicks',
        '        full outer join on all keys',
        '          aggregate gmv of sale | by time by day, advertiser.industry | from 2026-11-13T00:00:00+00:00 to before 2026-11-20T00:00:00+00:00 (UTC) | where advertiser not in (1, 2) | only advertiser in (42)',
        '          aggregate cost, clicks, clicks[feed] of click | by time by day, advertiser.industry | from 2026-11-13T00:00:00+08:00 to before 2026-11-20T00:00:00+08:00 (Asia/Shanghai) | where advertiser not in (1, 2) | only advertiser in (42)',
      ].join('\n'),
    )
  })
})
