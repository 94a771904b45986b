import { compileCatalog, formatFault } from '../../src/catalog/compile.ts'
import { buildPlan } from '../../src/plan/build.ts'
import { aggregatesOf } from '../../src/plan/logical.ts'
import { rewrite } from '../../src/plan/rewrite.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import { resolve } from '../../src/query/resolve.ts'
import { route } from '../../src/route/physical.ts'
import { snapshotOf } from '../support/worldOf.ts'
import type { Bench } from './bench.ts'
import { alone } from './measure.ts'

const NAMES = ['exposure', 'click', 'order', 'payment']
const PERIODS = ['trailing 7 days', 'month to date', 'trailing 28 days']

/** Four processes, each with a batch and a stream source; a composite over all of them in three periods and an offset. */
function wideCatalog() {
  const processes = NAMES.map((name) => ({
    path: `metrics/${name}.yaml`,
    text: `process: ${name}
domain: trade
zone: Asia/Shanghai
dimensions: [channel]
sources:
  - { source: ${name}_day, store: offline, table: ${name}_day, rows: aggregate, time: { column: day, grain: day }, complete: published, version: pv, since: 2026-01-01, dimensions: { channel: channel }, measures: { amount: amount } }
  - { source: ${name}_event, store: realtime, kind: stream, table: ${name}_event, time: { column: at, grain: instant }, dimensions: { channel: channel }, measures: { amount: amount } }
metrics:
  - { metric: ${name}s, agg: sum, of: amount }
`,
  }))
  const inputs = NAMES.flatMap((name) =>
    PERIODS.flatMap((period, i) => [
      `${name}_${i}: { metric: ${name}s, period: ${period} }`,
      `${name}_${i}_before: { metric: ${name}s, period: ${period}, offset: 28 days }`,
    ]),
  )
  const formula = inputs.map((input) => input.slice(0, input.indexOf(':'))).join(' + ')
  const composite = `metrics:\n  - metric: wide\n    formula: ${formula}\n    inputs:\n${inputs.map((input) => `      ${input}`).join('\n')}\n`
  const compiled = compileCatalog([
    ...processes,
    { path: 'metrics/composites.yaml', text: composite },
    { path: 'dimensions/channel.yaml', text: 'dimension: channel\n' },
  ])
  if (!compiled.ok) throw new Error(compiled.faults.map(formatFault).join('\n'))
  return compiled.catalog
}

/** A composite over 4 processes, each in 3 periods with and without an offset, by day and channel over 90 days. */
export const planning: Bench = {
  name: 'planning',
  says: 'a composite over 4 processes, 3 periods and an offset by day x channel over 90 days (aim: at most 1 ms, each source once)',
  run: measure,
}

async function measure(print: (line: string) => void): Promise<void> {
  const catalog = wideCatalog()
  const now = Date.parse('2026-11-20T10:31:00+08:00')
  const question = readQuestion({
    metrics: ['wide'],
    dimensions: ['channel'],
    time: { range: 'last 90 days', grain: 'day' },
  })
  const published = Object.fromEntries(NAMES.map((name) => [`${name}_day`, ['2026-01-01..2026-11-18']]))
  const situation = { snapshot: snapshotOf({ published }), now, down: new Set<string>(), silent: new Map() }
  const run = () => {
    const { question: resolved } = resolve(question, { catalog, now, scope: [] })
    const plan = rewrite(buildPlan(resolved), resolved.calendars)
    return { plan, physical: route(plan, resolved, situation) }
  }
  const { plan, physical } = run()
  const { question: resolved } = resolve(question, { catalog, now, scope: [] })
  const resolving = await alone(() => resolve(question, { catalog, now, scope: [] }))
  const rewriting = await alone(() => rewrite(buildPlan(resolved), resolved.calendars))
  const routing = await alone(() => route(plan, resolved, situation))
  const whole = await alone(run)
  const series = resolved.series.length
  const reads = physical.aggregates.map(({ slices }) => slices.map(({ source }) => source.name).join(' + '))
  print(`  ${series} series, ${aggregatesOf(plan).length} scans: ${reads.join(', ')}`)
  print(
    `  resolve ${(resolving / 1000).toFixed(3)} ms, plan and rewrite ${(rewriting / 1000).toFixed(3)} ms, route ${(routing / 1000).toFixed(3)} ms, all ${(whole / 1000).toFixed(3)} ms`,
  )
}
