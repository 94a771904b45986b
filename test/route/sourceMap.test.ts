import { describe, expect, it } from 'vitest'
import { formatDay } from '../../src/base/time.ts'
import type { QuestionInput } from '../../src/query/question.ts'
import { freshnessOf, noticesOf } from '../../src/route/freshness.ts'
import { refusalsOf } from '../support/refuses.ts'
import { compiled, SHOP, shopWith } from '../support/shopCatalog.ts'
import { routed, type Situation } from '../support/worldOf.ts'

const NOW = '2026-11-20T10:31:07+08:00'
const ALL = ['2026-01-01..2026-11-18']
const world = (change: Partial<Situation> = {}): Situation => ({
  catalog: compiled(),
  now: NOW,
  published: { click_day: ALL, click_detail: ALL },
  ...change,
})

/** `from..to source@version finality reason` of each run of the first class of requests. */
function mapped(question: QuestionInput, situation: Situation, index = 0): string[] {
  const maps = routed(question, situation).aggregates.flatMap((aggregate) => aggregate.maps)
  return (maps[index]?.runs ?? []).map(({ firstDay, lastDay, read, finality, reason }) => {
    const source = 'candidate' in read ? read.candidate.source.name : read.kind
    const version = read.kind === 'offline' && read.version !== undefined ? `@${read.version}` : ''
    return `${formatDay(firstDay)}..${formatDay(lastDay)} ${source}${version} ${finality} ${reason ?? ''}`.trim()
  })
}

const clicks = (range: string | string[], more: Partial<QuestionInput> = {}): QuestionInput => ({
  metrics: ['clicks'],
  time: { range },
  ...more,
})

describe('the source map', () => {
  it('reads published days offline, the others in real time, and today as today', () => {
    expect(mapped(clicks('last 7 days and today'), world())).toEqual([
      '2026-11-13..2026-11-18 click_day@1 final',
      '2026-11-19..2026-11-19 click_event provisional offline_not_published',
      '2026-11-20..2026-11-20 click_event provisional today',
    ])
  })

  it('knows a hole for a hole, and pins each version', () => {
    const published = { click_day: ['2026-11-01..2026-11-15', '2026-11-16@3', '2026-11-18'] }
    expect(mapped(clicks(['2026-11-14', '2026-11-19']), world({ published }))).toEqual([
      '2026-11-14..2026-11-15 click_day@1 final',
      '2026-11-16..2026-11-16 click_day@3 final',
      '2026-11-17..2026-11-17 click_event provisional offline_hole',
      '2026-11-18..2026-11-18 click_day@1 final',
      '2026-11-19..2026-11-19 click_event provisional offline_not_published',
    ])
  })

  it('calls days before the first one empty and final', () => {
    expect(mapped(clicks(['2025-12-30', '2026-01-01']), world())).toEqual([
      '2025-12-30..2025-12-31 empty final',
      '2026-01-01..2026-01-01 click_day@1 final',
    ])
  })

  it('does not call a day empty that another table of the process holds', () => {
    const late = compiled(
      SHOP.map(({ path, text }) => ({ path, text: text.replaceAll('    since: 2026-01-01\n', '') })),
    )
    const published = { click_day: ['2026-11-14', '2026-11-16'], click_detail: ['2026-11-18'] }
    const question = clicks(['2026-11-13', '2026-11-17'], { metrics: ['viewers', 'clicks'] })
    expect(mapped(question, world({ catalog: late, published }))).toEqual([
      '2026-11-13..2026-11-13 empty final',
      '2026-11-14..2026-11-17 click_event provisional offline_hole',
    ])
  })

  it('calls a day missing that is neither published nor kept: a day lies wholly in the retention or not at all', () => {
    // Seven days before now is the 13th, 10:31: the 13th is cut, the 14th is whole.
    expect(mapped(clicks(['2026-11-12', '2026-11-14']), world({ published: { click_day: ['2026-11-01'] } }))).toEqual([
      '2026-11-12..2026-11-13 missing missing realtime_retention',
      '2026-11-14..2026-11-14 click_event provisional offline_not_published',
    ])
  })

  it('tells of a stream that has fallen silent, from the day of its newest event on', () => {
    const published = { click_day: ['2026-01-01..2026-11-16', '2026-11-18'] }
    const midnight = '2026-11-19T00:00:00+08:00'
    const mapOf = (at: string | undefined) =>
      mapped(clicks(['2026-11-16', '2026-11-20']), world({ published, silent: { click_event: at } })).slice(1)
    expect(mapOf(midnight)).toEqual([
      '2026-11-17..2026-11-17 click_event provisional offline_hole',
      '2026-11-18..2026-11-18 click_day@1 final',
      '2026-11-19..2026-11-20 click_event provisional realtime_stale',
    ])
    expect(mapOf('2026-11-18T23:59:59.999+08:00')).toEqual(mapOf(midnight))
    expect(mapOf('2026-11-20T00:00:00+08:00').slice(2)).toEqual([
      '2026-11-19..2026-11-19 click_event provisional offline_not_published',
      '2026-11-20..2026-11-20 click_event provisional realtime_stale',
    ])
    expect(mapOf(undefined)[0]).toBe('2026-11-17..2026-11-17 click_event provisional realtime_stale')
  })

  it('goes on with the published days when the real-time store is down', () => {
    expect(mapped(clicks(['2026-11-18', '2026-11-19']), world({ down: ['realtime'] }))).toEqual([
      '2026-11-18..2026-11-18 click_day@1 final',
      '2026-11-19..2026-11-19 missing missing realtime_down',
    ])
  })

  it('takes the cheapest source that covers the question, day by day', () => {
    const published = { click_day: ['2026-11-16', '2026-11-18'], click_detail: ['2026-11-16..2026-11-18'] }
    expect(mapped(clicks(['2026-11-16', '2026-11-18']), world({ published }))).toEqual([
      '2026-11-16..2026-11-16 click_day@1 final',
      '2026-11-17..2026-11-17 click_detail@1 final',
      '2026-11-18..2026-11-18 click_day@1 final',
    ])
  })

  it('is one for all metrics of a process: a day is offline for all or for none', () => {
    const published = { click_day: ALL, click_detail: ['2026-01-01..2026-11-17'] }
    const question = clicks(['2026-11-17', '2026-11-18'], { metrics: ['clicks', 'viewers'] })
    expect(mapped(question, world({ published }), 0)).toEqual([
      '2026-11-17..2026-11-17 click_day@1 final',
      '2026-11-18..2026-11-18 click_event provisional other_metrics_unpublished',
    ])
    expect(mapped(question, world({ published }), 1)).toEqual([
      '2026-11-17..2026-11-17 click_detail@1 final',
      '2026-11-18..2026-11-18 click_event provisional offline_not_published',
    ])
  })

  it('reads a plain table without publications as final, today included', () => {
    expect(mapped({ metrics: ['gmv'], time: { range: 'last 2 days and today' } }, world())).toEqual([
      '2026-11-18..2026-11-20 sale_table final',
    ])
  })

  it('ends with today: days after it are outside the map', () => {
    expect(mapped(clicks(['2026-11-20', '2026-12-31']), world())).toEqual([
      '2026-11-20..2026-11-20 click_event provisional today',
    ])
    expect(mapped(clicks(['2026-12-30', '2026-12-31']), world())).toEqual([])
  })

  it('begins with the first data where no range is asked', () => {
    expect(mapped({ metrics: ['clicks'] }, world())[0]).toBe('2026-01-01..2026-11-18 click_day@1 final')
  })
})

describe('days that are cut', () => {
  it('are read from a source that is fine enough', () => {
    expect(mapped(clicks(['2026-11-17T12:00', '2026-11-18']), world())).toEqual([
      '2026-11-17..2026-11-17 click_detail@1 final',
      '2026-11-18..2026-11-18 click_day@1 final',
    ])
    expect(
      mapped({ metrics: ['clicks'], time: { range: ['2026-11-17', '2026-11-18'], grain: 'hour' } }, world()),
    ).toEqual(['2026-11-17..2026-11-18 click_detail@1 final'])
  })

  it('are only those that a bucket of another zone cuts', () => {
    // Weeks of UTC begin at 08:00 on Mondays in Shanghai.
    expect(
      mapped(
        { metrics: ['clicks'], time: { range: ['2026-11-09', '2026-11-17'], grain: 'week', zone: 'UTC' } },
        world(),
      ),
    ).toEqual([
      '2026-11-09..2026-11-09 click_detail@1 final',
      '2026-11-10..2026-11-15 click_day@1 final',
      '2026-11-16..2026-11-16 click_detail@1 final',
      '2026-11-17..2026-11-17 click_day@1 final',
      '2026-11-18..2026-11-18 click_detail@1 final',
    ])
  })

  it('are all of them where two zones show one time and two dates', () => {
    const pacific = shopWith('metrics/click.yaml', 'zone: Asia/Shanghai', 'zone: Pacific/Kiritimati')
    const question: QuestionInput = {
      metrics: ['clicks'],
      time: { range: ['2026-11-10', '2026-11-11'], grain: 'day', zone: 'Pacific/Honolulu' },
    }
    expect(mapped(question, world({ catalog: compiled(pacific) }))).toEqual([
      '2026-11-11..2026-11-12 click_detail@1 final',
    ])
  })

  it('are real-time where the published table is too coarse', () => {
    const published = { click_day: ALL }
    expect(
      mapped(
        { metrics: ['clicks'], time: { range: ['2026-11-18', '2026-11-18'], grain: 'hour' } },
        world({ published }),
      ),
    ).toEqual(['2026-11-18..2026-11-18 click_event provisional offline_too_coarse'])
  })

  it('are a refusal where no source could ever answer', () => {
    const coarse = shopWith('metrics/sale.yaml', '{ column: at, grain: instant }', '{ column: day, grain: day }')
    const question: QuestionInput = { metrics: ['gmv'], time: { range: 'yesterday', grain: 'hour' } }
    expect(refusalsOf(() => routed(question, world({ catalog: compiled(coarse) })))).toEqual([
      '/time NOT_ANSWERABLE The question cuts time more finely than its sources hold it (sale_table tells times by the day); ask by whole days of UTC, or widen the range with wholeBuckets.',
    ])
  })
})

describe('scope', () => {
  it('leaves only sources that carry its dimension', () => {
    const scope = [{ dimension: 'country', type: 'string', values: ['CN'] } as const]
    expect(refusalsOf(() => routed(clicks('yesterday'), world({ scope })))[0]).toMatch(
      /NOT_ANSWERABLE No source can answer for clicks: click_day lacks country, which the caller's scope needs/,
    )
  })
})

describe('what an answer says of its days', () => {
  it('names sources, the last final day and the reasons', () => {
    const { aggregates } = routed(clicks('last 7 days and today'), world())
    expect(freshnessOf(aggregates, Date.parse(NOW))).toEqual({
      asOf: '2026-11-20T10:31:07+08:00',
      finalThrough: '2026-11-18',
      sources: [
        { source: 'click_day', from: '2026-11-13', to: '2026-11-18', finality: 'final' },
        {
          source: 'click_event',
          from: '2026-11-19',
          to: '2026-11-20',
          finality: 'provisional',
          reason: 'offline_not_published',
        },
      ],
    })
    expect(noticesOf(aggregates).map(({ code, from, to }) => `${code} ${from} ${to}`)).toEqual([
      'OFFLINE_NOT_PUBLISHED 2026-11-19 2026-11-19',
      'TODAY 2026-11-20 2026-11-20',
    ])
  })

  it('says null where not even the first day is final', () => {
    const { aggregates } = routed(clicks('today'), world())
    expect(freshnessOf(aggregates, Date.parse(NOW)).finalThrough).toBeNull()
  })
})
