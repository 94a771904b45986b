import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { CatalogText } from '../../../src/catalog/position.ts'
import type { Store } from '../../../src/stores/port.ts'

/**
 * The bakery: two processes whose batch tables and streams stand in PostgreSQL, so that a gateway starts fast. Every row
 * of version v bears the value v, and real time bears 0: an answer shows which version each day was read from.
 */
export const NOW = '2026-11-20T10:00:00Z'
export const DAYS = ['2026-11-18', '2026-11-19'] as const
export const SOURCES = ['loaf_day', 'roll_day'] as const
const NOUNS = ['loaf', 'roll'] as const

const processText = (noun: string): string => `process: ${noun}
domain: bakery
zone: UTC
sources:
  - source: ${noun}_day
    store: offline
    table: ${noun}_day
    time: { column: at, grain: instant, day: day }
    complete: published
    version: pv
    since: 2026-11-01
    measures: { value: value }
  - source: ${noun}_event
    store: realtime
    kind: stream
    table: ${noun}_event
    time: { column: at, grain: instant }
    retention: 7 days
    measures: { value: value }
metrics:
  - { metric: ${noun}s, agg: count }
  - { metric: ${noun}_low, agg: min, of: value }
  - { metric: ${noun}_high, agg: max, of: value }
`

const BAKERY: readonly CatalogText[] = NOUNS.map((noun) => ({ path: `metrics/${noun}.yaml`, text: processText(noun) }))

/** The catalog in a folder that goes away with `drop`. */
export function writeCatalog(): { readonly folder: string; drop(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'oneservice-bakery-'))
  for (const { path, text } of BAKERY) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return { folder, drop: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Makes the tables; the streams have a row a day. */
export async function fillBakery(store: Store): Promise<void> {
  for (const noun of NOUNS) {
    await store.execute(`create table ${noun}_day (day date, pv integer, at timestamptz, value integer)`)
    await store.execute(`create table ${noun}_event (at timestamptz, value integer)`)
    await store.load(
      `${noun}_event`,
      ['at', 'value'],
      DAYS.map((day) => [`${day} 03:00:00+00`, '0']),
    )
  }
}

/** Writes a version of every day, as a batch does. */
export async function bake(store: Store, version: number): Promise<void> {
  const rows = DAYS.flatMap((day) =>
    Array.from({ length: rowsOf(version) }, () => [day, `${version}`, `${day} 03:00:00+00`, `${version}`]),
  )
  for (const source of SOURCES) await store.load(source, ['day', 'pv', 'at', 'value'], rows)
}

/** Rows a day; 0 is real time. */
const rowsOf = (version: number): number => version + 1

export const QUESTION = {
  metrics: NOUNS.flatMap((noun) => [`${noun}s`, `${noun}_low`, `${noun}_high`]),
  time: { range: DAYS, grain: 'day' },
}

/** What QUESTION is answered with when these versions are out, by source and then by day; 0 is real time. */
export function answerAt(versions: readonly (readonly number[])[]): unknown[] {
  return DAYS.map((day, i) => {
    const of = versions.map((each) => each[i] ?? 0)
    const finality = of.every((version) => version > 0) ? 'final' : 'provisional'
    return [day, ...of.flatMap((version) => [rowsOf(version), version, version]), finality]
  })
}

/** All days of all sources in one version. */
export const allAt = (version: number): unknown[] => answerAt(SOURCES.map(() => DAYS.map(() => version)))
