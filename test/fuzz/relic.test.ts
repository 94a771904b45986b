import { afterAll, beforeAll, expect, it } from 'vitest'
import { answer } from '../../src/gateway/answer.ts'
import { OPEN_CALLER } from '../../src/gateway/caller.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import { type Composed, composed } from '../support/composed.ts'
import { startPostgres, type TestServer } from '../support/servers.ts'

/** A source that should have had its first day in 1950 and never published one: every bucket since is missing. */
const RELIC = `process: relic
domain: past
zone: UTC
sources:
  - source: relic_detail
    store: offline
    table: relic
    time: { column: at, grain: instant, day: day }
    complete: published
    since: 1950-01-01
  - { source: relic_event, store: realtime, kind: stream, table: relic, time: { column: at, grain: instant }, retention: 7 days }
metrics: [ { metric: relics, agg: count } ]
`

let server: TestServer
let gateway: Composed
beforeAll(async () => {
  server = await startPostgres()
  gateway = await composed([{ path: 'metrics/relic.yaml', text: RELIC }], server.url)
  await gateway.realtime.execute('create table relic (at timestamptz)')
})
afterAll(async () => {
  await gateway.close()
  await server.stop()
})

it.each(['minute', 'hour'] as const)('refuses, or cuts off, 76 years of missing buckets by the %s', async (grain) => {
  const question = readQuestion({ metrics: ['relics'], time: { range: ['1950', '2026-11-19'], grain } })
  const start = performance.now()
  const outcome = await answer(question, OPEN_CALLER, gateway.composition.gateway).then(
    ({ truncated }) => (truncated ? 'truncated' : 'whole'),
    (fault: unknown) => (fault instanceof Error && 'code' in fault ? fault.code : String(fault)),
  )
  expect(['truncated', 'OVER_BUDGET']).toContain(outcome)
  // Nobody else is served while buckets are counted.
  expect(performance.now() - start).toBeLessThan(3000)
})
