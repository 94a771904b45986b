import type { Table } from './compare.ts'
import type { Catalog, Filter } from './model.ts'
import type { Failure } from './worlds.ts'

const MOST_ROWS = 30

/** Everything that one needs to look into a failure. */
export function reportOf({ kind, what, world, place, got, wanted }: Failure): string {
  const { dataset, moment, catalog, question } = world
  const { modifiers } = catalog
  const processes = dataset.processes.map(({ name, zone, kinds }) => {
    const published = moment.published.get(name)
    const out = [...kinds.keys()].filter((day) => published?.has(day) !== true && day >= '2026-02-15')
    return `${name} in ${zone}, since ${moment.since.get(name)}, kept ${moment.retentionDays.get(name) ?? 'for ever'}; not published ${out.join(' ')}`
  })
  return [
    `${kind} with ${place}`,
    what,
    `now ${new Date(dataset.now).toISOString()}`,
    ...processes,
    `question ${JSON.stringify(question)}`,
    ...metricsNamedIn(JSON.stringify(question), catalog).map((file) => `  ${JSON.stringify(file)}`),
    `modifiers ${JSON.stringify(modifiers satisfies Readonly<Record<string, Readonly<Record<string, readonly Filter[]>>>>)}`,
    `expected ${tableText(wanted)}`,
    `got ${tableText(got)}`,
  ].join('\n')
}

function metricsNamedIn(text: string, catalog: Catalog): unknown[] {
  const found = catalog.metrics.filter(({ file }) => text.includes(`"${file.metric}"`)).map(({ file }) => file)
  const deeper = catalog.metrics
    .map(({ file }) => file)
    .filter(
      (file) =>
        !found.includes(file) && found.some((each) => new RegExp(`\\b${file.metric}\\b`).test(JSON.stringify(each))),
    )
  return [...found, ...deeper]
}

function tableText(of: Table | string): string {
  if (typeof of === 'string') return of
  const rows = of.rows.slice(0, MOST_ROWS).map((row) => `  ${JSON.stringify(row)}`)
  const more = of.rows.length > MOST_ROWS ? [`  ... ${of.rows.length} rows`] : []
  return [
    of.columns.join(' | '),
    ...rows,
    ...more,
    `  ${JSON.stringify({ totals: of.totals, subtotals: of.subtotals, truncated: of.truncated })}`,
  ].join('\n')
}
