import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, type Told } from '../support/ask.ts'
import { CHANGES, daysAround, labelOf, type Row, shifted, startOf, ZONES, type Zone } from './rows.ts'
import { openZoneWorld, processOf, type ZoneWorld } from './world.ts'

/**
 * Business days in four zones, seen in four, around both changes of New York's clocks: published days in ClickHouse and
 * the others in PostgreSQL, so that the boundary lies at the edge of the day before, and then of the day itself.
 */

let zones: ZoneWorld
beforeAll(async () => {
  zones = await openZoneWorld()
})
afterAll(() => zones.stop())

interface Asked {
  readonly process: Zone
  readonly shown: Zone
  readonly days: readonly [string, string]
  readonly grain: 'minute' | 'hour' | 'day' | undefined
}

function question({ process, shown, days, grain }: Asked) {
  const name = processOf(process)
  return {
    metrics: ['hits', 'amount', 'people'].map((metric) => `${name}_${metric}`),
    time: {
      range: days,
      ...(grain === undefined ? {} : { grain }),
      // Without a zone a process keeps its own days.
      ...(shown === process ? {} : { zone: shown }),
    },
    totals: true,
  }
}

const figures = (rows: readonly Row[]): number[] => [
  rows.length,
  rows.reduce((sum, { cents }) => sum + cents, 0) / 100,
  new Set(rows.map(({ person }) => person)).size,
]

/** What must come out, by plain arithmetic over the rows. */
function expected({ shown, days: [first, last], grain }: Asked) {
  const [from, to] = [startOf(first, shown) * 1000, startOf(shifted(last, 1), shown) * 1000]
  const rows = zones.rows.filter(({ at }) => at >= from && at < to).toSorted((a, b) => a.at - b.at)
  const buckets = Map.groupBy(rows, (row) => (grain === undefined ? '' : labelOf(row, grain, shown)))
  return [...buckets].map(([label, of]) => [...(grain === undefined ? [] : [label]), ...figures(of)])
}

function shownBy({ table }: Told) {
  return table.rows.map((row) => row.map((cell, i) => (table.columns[i] === 'time' ? cell : Number(cell))))
}

async function agree(asked: Asked): Promise<Told> {
  const told = await ask(zones.world.composition.gateway, question(asked))
  expect(shownBy(told)).toEqual(expected(asked))
  expect(told.totals?.rows.map((row) => row.map(Number))).toEqual(expected({ ...asked, grain: undefined }))
  return told
}

const PAIRS = ZONES.flatMap((process) => ZONES.map((shown) => [process, shown] as const))
/** The questions of one pair of zones around a change. */
function askedAround(change: string, process: Zone, shown: Zone): Asked[] {
  const around = [shifted(change, -1), shifted(change, 1)] as const
  return [
    { process, shown, days: around, grain: 'day' },
    { process, shown, days: around, grain: 'hour' },
    { process, shown, days: [change, change], grain: 'hour' },
    { process, shown, days: around, grain: undefined },
  ]
}

describe.each(CHANGES)('around the %s', (change) => {
  beforeAll(async () => {
    const before = daysAround(change).filter((day) => day < change)
    for (const zone of ZONES) await zones.publish(zone, before)
  })

  it.each(PAIRS)('business days of %s shown in %s are split between the stores', async (process, shown) => {
    const told = await Promise.all(askedAround(change, process, shown).map(agree))
    const sources = told[0]?.answer.freshness.sources.map(({ source }) => source)
    expect(sources).toEqual([`${processOf(process)}_detail`, `${processOf(process)}_event`])
    if (shown === process) expect(told[0]?.finality).toEqual(['final', 'provisional', 'provisional'])
  })

  it.each(PAIRS)('hours of %s shown in %s add up to their day, and people are counted anew', async (process, shown) => {
    const day = { process, shown, days: [change, change] as const }
    const [hours, whole] = [await agree({ ...day, grain: 'hour' }), await agree({ ...day, grain: 'day' })]
    const columns = [1, 2, 3].map((column) => shownBy(hours).map((row) => Number(row[column])))
    const [hits = 0, amount = 0, people = 0] = columns.map((column) => column.reduce((a, b) => a + b, 0))
    const [[, ...ofDay] = []] = shownBy(whole)
    expect([hits, Math.round(amount * 100) / 100]).toEqual(ofDay.slice(0, 2))
    expect(people).toBeGreaterThan(Number(ofDay[2]))
    const length = (startOf(shifted(change, 1), shown) - startOf(change, shown)) / 3_600_000
    expect(shownBy(hours).length).toBe(length)
    if (shown === 'America/New_York') expect(length).toBe(change === '2026-03-08' ? 23 : 25)
  })

  it('keeps the two hours apart that New York shows twice, and has none that it skips', async () => {
    for (const process of ZONES) {
      const day = { process, shown: 'America/New_York', days: [change, change] } as const
      const hours = shownBy(await agree({ ...day, grain: 'hour' })).map(([time]) => String(time))
      const minutes = shownBy(await agree({ ...day, grain: 'minute' })).map(([time]) => String(time))
      const twice = hours.filter((time) => time.includes('T01:00'))
      const none = hours.filter((time) => time.includes('T02:'))
      if (change === '2026-11-01') {
        expect(twice).toEqual(['2026-11-01T01:00:00-04:00', '2026-11-01T01:00:00-05:00'])
        expect(minutes.filter((time) => time.includes('T01:30'))).toEqual([
          '2026-11-01T01:30:00-04:00',
          '2026-11-01T01:30:00-05:00',
        ])
      } else expect(none).toEqual([])
    }
  })

  it('changes flags only when the day itself is published', async () => {
    for (const process of ZONES) {
      const asked = ZONES.flatMap((shown) => askedAround(change, process, shown))
      const before = await Promise.all(asked.map(agree))
      await zones.publish(process, [change])
      const after = await Promise.all(asked.map(agree))
      expect(after.map(shownBy)).toEqual(before.map(shownBy))
      const own = asked.findIndex(({ shown, grain }) => shown === process && grain === 'day')
      expect(before[own]?.finality).toEqual(['final', 'provisional', 'provisional'])
      expect(after[own]?.finality).toEqual(['final', 'final', 'provisional'])
    }
  })
})
