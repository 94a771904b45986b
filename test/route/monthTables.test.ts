import { describe, expect, it } from 'vitest'
import { compileCatalog, formatFault } from '../../src/catalog/compile.ts'
import type { QuestionInput } from '../../src/query/question.ts'
import { refusalsOf } from '../support/refuses.ts'
import { routed } from '../support/worldOf.ts'

const text = `process: sale
domain: trade
zone: UTC
sources:
  - source: sale_month
    store: offline
    table: sale_month
    rows: aggregate
    time: { column: month, grain: month }
    since: 2026-01-01
    measures: { amount: amount }
  - source: sale_day
    store: offline
    table: sale_day
    rows: aggregate
    time: { column: day, grain: day }
    since: 2026-01-01
    measures: { refunds: refunds }
metrics:
  - { metric: sales, agg: sum, of: amount }
  - { metric: refunds, agg: sum, of: refunds }
`

function catalog() {
  const compiled = compileCatalog([{ path: 'metrics/sale.yaml', text }])
  if (!compiled.ok) throw new Error(compiled.faults.map(formatFault).join('\n'))
  return compiled.catalog
}

const situation = { catalog: catalog(), now: '2026-11-20T10:00:00Z' }
const sourcesOf = (time: QuestionInput['time']): string[] =>
  routed({ metrics: ['sales'], time }, situation).aggregates.flatMap(({ slices }) =>
    slices.map(({ source, ranges }) => `${source.name} in ${ranges.length}`),
  )

describe('a table of whole months', () => {
  it.each([
    [{ range: ['2026-01', '2026-10'], grain: 'month' }],
    [{ range: ['2026-01', '2026-09'], grain: 'quarter' }],
    [{ range: ['2026-02', '2026-03'] }],
    [{ range: 'this month', grain: 'month' }],
    [{ range: ['2026-03-10', '2026-05-02'], grain: 'month', wholeBuckets: true }],
  ])('answers for %j', (time) => {
    expect(sourcesOf(time)).toEqual(['sale_month in 1'])
  })

  it.each([
    [{ range: ['2026-03-10', '2026-05-02'], grain: 'month' }],
    [{ range: ['2026-03', '2026-05'], grain: 'week' }],
    [{ range: ['2026-03', '2026-05'], grain: 'day' }],
    [{ range: ['2026-03', '2026-05'], grain: 'month', zone: 'Asia/Shanghai' }],
  ])('can not be cut for %j', (time) => {
    expect(refusalsOf(() => sourcesOf(time))[0]).toMatch(/^\/time NOT_ANSWERABLE .*sale_month tells times by the month/)
  })
})
