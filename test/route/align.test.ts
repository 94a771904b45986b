import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDay } from '../../src/base/time.ts'
import { compileCatalog, formatFault } from '../../src/catalog/compile.ts'
import { prepare } from '../../src/gateway/prepare.ts'
import type { QuestionInput } from '../../src/query/question.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import { noticesOf } from '../../src/route/freshness.ts'
import { routed, type Situation, snapshotOf } from '../support/worldOf.ts'

/** Clicks and orders are published by the day with streams of 7 and 3 days; bills have no stream; posts have only one. */
function processText(name: string, zone: string, more: string): string {
  const columns = 'dimensions: { channel: channel }, measures: { amount: amount }'
  const table = `{ source: ${name}_day, store: offline, table: ${name}_day, rows: aggregate, time: { column: day, grain: day }, complete: published, version: pv, since: 2026-01-01, ${columns} }`
  const stream = (retention: string): string =>
    `{ source: ${name}_event, store: live_${name}, kind: stream, table: ${name}_event, time: { column: at, grain: instant }, ${retention}, ${columns} }`
  const sources =
    more === 'no stream' ? [table] : more === 'stream only' ? [stream('retention: 7 days')] : [table, stream(more)]
  return `process: ${name}\ndomain: trade\nzone: ${zone}\ndimensions: [channel]\nsources:\n${sources
    .map((source) => `  - ${source}\n`)
    .join('')}metrics:\n  - { metric: ${name}s, agg: sum, of: amount }\n`
}

const files = [
  { path: 'dimensions/channel.yaml', text: 'dimension: channel\n' },
  { path: 'metrics/click.yaml', text: processText('click', 'Asia/Shanghai', 'retention: 7 days') },
  { path: 'metrics/order.yaml', text: processText('order', 'America/New_York', 'retention: 3 days') },
  { path: 'metrics/bill.yaml', text: processText('bill', 'Asia/Shanghai', 'no stream') },
  { path: 'metrics/post.yaml', text: processText('post', 'Asia/Shanghai', 'stream only') },
  {
    path: 'metrics/across.yaml',
    text: `metrics:
  - { metric: conversion_rate, formula: orders / clicks }
  - { metric: billed_rate, formula: bills / orders }
  - { metric: posts_per_click, formula: posts / clicks }
`,
  },
]

function catalogOf() {
  const compiled = compileCatalog(files)
  if (!compiled.ok) throw new Error(compiled.faults.map(formatFault).join('\n'))
  return compiled.catalog
}

const catalog = catalogOf()
const world = (change: Partial<Situation> = {}): Situation => ({
  catalog,
  now: '2026-11-20T20:00:00+08:00',
  published: {
    click_day: ['2026-01-01..2026-11-15', '2026-11-17'],
    order_day: ['2026-01-01..2026-11-18'],
    bill_day: ['2026-01-01..2026-11-18'],
  },
  ...change,
})

/** `from..to source reason` of each run of a process. */
function runsOf(process: string, question: QuestionInput, situation = world()): string[] {
  const of = routed(question, situation).aggregates.filter(({ node }) => node.process === process)
  return of.flatMap(({ maps }) =>
    maps.flatMap(({ runs }) =>
      runs.map(({ firstDay, lastDay, read, reason }) => {
        const source = 'candidate' in read ? read.candidate.source.name : read.kind
        return `${formatDay(firstDay).slice(5)}..${formatDay(lastDay).slice(5)} ${source} ${reason ?? ''}`.trim()
      }),
    ),
  )
}

const asked = (metrics: string[], range = ['2026-11-14', '2026-11-19'], align = true): QuestionInput => ({
  metrics,
  time: { range, grain: 'day' },
  align,
})

describe('a question that aligns processes', () => {
  it('moves published days to real time where another process reads them there and all streams hold them', () => {
    // Orders are kept since the 18th of New York: the hole of the 16th can't be followed.
    expect(runsOf('order', asked(['conversion_rate']))).toEqual([
      '11-14..11-17 order_day',
      '11-18..11-18 order_event aligned',
      '11-19..11-19 order_event offline_not_published',
    ])
    expect(runsOf('click', asked(['conversion_rate']))).toEqual([
      '11-14..11-15 click_day',
      '11-16..11-16 click_event offline_hole',
      '11-17..11-17 click_day',
      '11-18..11-19 click_event offline_not_published',
    ])
  })

  it('moves nothing unless it is asked to', () => {
    expect(runsOf('order', asked(['conversion_rate'], undefined, false))).toEqual([
      '11-14..11-18 order_day',
      '11-19..11-19 order_event offline_not_published',
    ])
  })

  it('moves no process that no asked metric combines with another', () => {
    expect(runsOf('order', asked(['orders', 'clicks']))[0]).toBe('11-14..11-18 order_day')
  })

  it('takes processes together that metrics share, so that one that can not follow holds back all', () => {
    const question = asked(['conversion_rate', 'billed_rate'])
    expect(runsOf('order', question)[0]).toBe('11-14..11-18 order_day')
    expect(runsOf('bill', question)).toEqual(['11-14..11-18 bill_day', '11-19..11-19 missing no_realtime_source'])
  })

  it('moves nothing to a store that is down, or to what is missing', () => {
    expect(runsOf('order', asked(['conversion_rate']), world({ down: ['live_order'] }))[0]).toBe(
      '11-14..11-18 order_day',
    )
    expect(runsOf('order', asked(['conversion_rate']), world({ down: ['live_click'] }))[0]).toBe(
      '11-14..11-18 order_day',
    )
  })

  it('follows a process that has real-time data alone', () => {
    expect(runsOf('click', asked(['posts_per_click'], ['2026-11-12', '2026-11-17']))).toEqual([
      '11-12..11-13 click_day',
      '11-14..11-15 click_event aligned',
      '11-16..11-16 click_event offline_hole',
      '11-17..11-17 click_event aligned',
    ])
  })

  it('leaves days before the first data as they are', () => {
    const empty = world({
      now: '2026-01-03T20:00:00+08:00',
      published: { click_day: ['2026-01-01'], order_day: ['2026-01-01'] },
    })
    expect(runsOf('click', asked(['posts_per_click'], ['2025-12-30', '2026-01-01']), empty)).toEqual([
      '12-30..12-31 empty',
      '01-01..01-01 click_event aligned',
    ])
  })

  it('says of the moved days why, and is kept apart in the cache', () => {
    const notices = noticesOf(routed(asked(['conversion_rate']), world()).aggregates)
    expect(notices.find(({ code }) => code === 'ALIGNED')).toEqual({
      code: 'ALIGNED',
      from: '2026-11-18',
      to: '2026-11-18',
      message:
        '2026-11-18 is real-time data although its offline result is out, so that all processes of a metric agree.',
    })
    const situation = world()
    const keyOf = (align: boolean, range: string[]) =>
      prepare(readQuestion(asked(['conversion_rate'], range, align)), {
        catalog,
        now: Date.parse(situation.now),
        scope: [],
        snapshot: snapshotOf(situation),
        down: new Set(),
        silent: new Map(),
      }).key
    expect(keyOf(true, ['2026-11-17', '2026-11-18'])).not.toBe(keyOf(false, ['2026-11-17', '2026-11-18']))
    // What is read alike has one answer.
    expect(keyOf(true, ['2026-11-14', '2026-11-15'])).toBe(keyOf(false, ['2026-11-14', '2026-11-15']))
  })
})

/** For each day, where a process reads it from. */
function kindsOf(process: string, question: QuestionInput, situation: Situation): Map<string, string> {
  const of = routed(question, situation).aggregates.filter(({ node }) => node.process === process)
  return new Map(
    of.flatMap(({ maps }) =>
      maps.flatMap(({ runs }) =>
        runs.flatMap(({ firstDay, lastDay, read }) =>
          Array.from({ length: lastDay - firstDay + 1 }, (_, i) => [formatDay(firstDay + i), read.kind] as const),
        ),
      ),
    ),
  )
}

const LABELS = Array.from({ length: 10 }, (_, i) => `2026-11-${11 + i}`)
const someDays = fc.subarray(LABELS.slice(0, -1))

it('mixes no day that all streams hold, and moves no other', () => {
  fc.assert(
    fc.property(someDays, someDays, fc.constantFrom([], ['live_click'], ['live_order']), (clicks, orders, down) => {
      const situation = world({ published: { click_day: clicks, order_day: orders }, down })
      const range = [LABELS[0] ?? '', LABELS.at(-1) ?? '']
      const [aligned, plain] = [true, false].map((align) =>
        ['click', 'order'].map((process) => kindsOf(process, asked(['conversion_rate'], range, align), situation)),
      )
      for (const day of LABELS) {
        const kinds = aligned?.map((each) => each.get(day))
        const before = plain?.map((each) => each.get(day))
        // At 20:00 of the 20th in Shanghai the 17th of New York is cut, and the 18th whole.
        const follows = down.length === 0 && day >= '2026-11-18'
        const mixes = before?.includes('realtime') && before.includes('offline')
        expect(kinds, day).toEqual(mixes && follows ? ['realtime', 'realtime'] : before)
      }
    }),
    { numRuns: 200 },
  )
})
