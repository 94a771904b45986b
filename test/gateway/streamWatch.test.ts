import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StreamWatch } from '../../src/gateway/streamWatch.ts'
import type { Store } from '../../src/stores/port.ts'
import { ask } from '../support/ask.ts'
import { type Composed, composed } from '../support/composed.ts'
import { startPostgres, type TestServer } from '../support/servers.ts'

const NOW = '2026-11-20T10:31:00+08:00'
const processText = (name: string, store: string): string => `process: ${name}
domain: house
zone: Asia/Shanghai
sources:
  - { source: ${name}_day, store: offline, table: ${name}_day, rows: aggregate, time: { column: day, grain: day }, complete: published, version: pv, since: 2026-11-01, measures: { people: people } }
  - { source: ${name}_event, store: ${store}, kind: stream, table: ${name}_event, time: { column: at, grain: instant }, retention: 7 days, lag: 15 minutes, measures: { people: people } }
metrics:
  - { metric: ${name}_people, agg: sum, of: people }
`

let postgres: TestServer
let world: Composed
let streams: StreamWatch
beforeAll(async () => {
  postgres = await startPostgres()
  const files = ['door', 'gate'].map((name) => ({
    path: `metrics/${name}.yaml`,
    text: processText(name, name === 'door' ? 'realtime' : 'offline'),
  }))
  world = await composed(files, postgres.url, { ONESERVICE_NOW: NOW })
  streams = world.composition.streams
  await world.realtime.execute('create table door_event (at timestamptz not null, people bigint)')
  await world.offline.execute(`create table gate_event (at DateTime64(3, 'UTC'), people Int64) order by at`)
})
afterAll(async () => {
  await world.close()
  await postgres.stop()
})

describe.each([
  ['door', (): Store => world.realtime],
  ['gate', (): Store => world.offline],
])('the stream of the %s', (name, store) => {
  const arrive = (at: string) => store().load(`${name}_event`, ['at', 'people'], [[at, '1']])
  const told = async () => {
    await streams.look()
    const question = { metrics: [`${name}_people`], time: { range: ['2026-11-18', '2026-11-20'], grain: 'day' } }
    const { answer, finality } = await ask(world.composition.gateway, question)
    return { notices: answer.notices.map(({ code, from, message }) => [code, from, message]), finality }
  }

  it('is not shown without a word while it holds no event', async () => {
    expect((await told()).notices).toEqual([
      [
        'REALTIME_STALE',
        '2026-11-18',
        '2026-11-18 to 2026-11-20 is real-time data that is not up to date: its stream holds no event.',
      ],
    ])
  })

  it('is stale from the day of its newest event on, whatever the future brings', async () => {
    await arrive('2026-11-19 01:00:00.000')
    await arrive('2026-11-24 01:00:00.000')
    const { notices, finality } = await told()
    expect(notices).toEqual([
      ['OFFLINE_NOT_PUBLISHED', '2026-11-18', expect.any(String)],
      [
        'REALTIME_STALE',
        '2026-11-19',
        '2026-11-19 to 2026-11-20 is real-time data that is not up to date: its stream has brought nothing since 2026-11-19T09:00:00+08:00.',
      ],
    ])
    expect(finality).not.toContain('final')
  })

  it('tells of its newest event as it comes in late', async () => {
    await arrive('2026-11-20 01:00:00.000')
    expect((await told()).notices.at(-1)).toEqual([
      'REALTIME_STALE',
      '2026-11-20',
      expect.stringContaining('nothing since 2026-11-20T09:00:00+08:00'),
    ])
  })

  it('is in time again with an event that is as old as the lag', async () => {
    await arrive('2026-11-20 02:16:00.000')
    expect((await told()).notices.map(([code]) => code)).toEqual(['OFFLINE_NOT_PUBLISHED', 'TODAY'])
    const { silent } = streams
    await streams.look()
    expect(streams.silent).toBe(silent)
  })

  it('is looked at anew when its events are dropped', async () => {
    await store().execute(`truncate table ${name}_event`)
    expect((await told()).notices.map(([code]) => code)).toEqual(['REALTIME_STALE'])
  })
})

describe('a stream that can not be asked', () => {
  it('is as it was: questions find out themselves', async () => {
    await world.realtime.execute('alter table door_event rename to door_lost')
    const before = streams.silent
    await streams.look()
    expect(streams.silent).toBe(before)
    await world.realtime.execute('alter table door_lost rename to door_event')
  })
})
