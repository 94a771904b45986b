import type { QuestionInput } from '../../src/query/question.ts'
import type { Composed } from '../support/composed.ts'

const DAYS = 30
/** Visits by day and channel, thirty days of them published, in PostgreSQL. */
export const FILES = [
  { path: 'dimensions/channel.yaml', text: 'dimension: channel\n' },
  {
    path: 'metrics/visit.yaml',
    text: `process: visit
domain: web
zone: UTC
dimensions: [channel]
sources:
  - source: visit_day
    store: realtime
    kind: batch
    table: visit_day
    rows: aggregate
    time: { column: day, grain: day }
    complete: published
    version: pv
    dimensions: { channel: channel }
    measures: { visits: visits, buyers: buyers }
  - source: idle
    store: offline
    kind: stream
    table: idle
    rows: event
    time: { column: at, grain: instant }
    dimensions: { channel: channel }
    measures: {}
metrics:
  - { metric: visits, agg: sum, of: visits }
  - { metric: buyers, agg: sum, of: buyers }
  - { metric: conversion, formula: buyers / visits }
`,
  },
]
/** About 11 KB of answer. */
export const QUESTION: QuestionInput = {
  metrics: ['visits', 'buyers', 'conversion'],
  dimensions: ['channel'],
  time: { range: 'last 30 days', grain: 'day' },
}
/** The same question. */
export const DOCUMENT =
  '{ web(time: {range: "last 30 days", grain: DAY}) { rows { time channel visits buyers conversion finality } } }'

/** Makes the tables, writes the visits and publishes their days. */
export async function fillVisits({ composition, realtime, offline }: Composed): Promise<void> {
  await realtime.execute(
    `create table visit_day (day date, pv bigint, channel text, visits bigint, buyers bigint);
     insert into visit_day select date '2026-10-21' + d, 1, 'channel-' || c, 10000 + d * 17 + c, 100 + d + c
     from generate_series(0, ${DAYS - 1}) d, generate_series(1, 3) c`,
  )
  await offline.execute('create table idle (at DateTime64(3), channel String) engine = MergeTree order by at')
  const days = Array.from({ length: DAYS }, (_, i) => new Date(Date.UTC(2026, 9, 21 + i)).toISOString().slice(0, 10))
  await composition.publications.stage(days.map((day) => ({ source: 'visit_day', day, version: 1 })))
  await composition.publications.publish([{ source: 'visit_day', days }])
}
