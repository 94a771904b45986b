import { didYouMean, nearest } from '../../base/didYouMean.ts'
import { type DraftMetric, metricsOfDraft } from '../draft.ts'
import { walk } from '../formula.ts'
import { FormulaError, parseFormula } from '../parseFormula.ts'
import type { CatalogFault } from '../position.ts'
import type { Rule } from './rule.ts'

/** Formulas can be read, read metrics that exist, never themselves, and say their domain when there are several. */
export const formulas: Rule = (draft) => {
  const metrics = new Map(metricsOfDraft(draft).map((metric) => [metric.value.metric, metric]))
  const readable: CatalogFault[] = []
  const inputs = new Map<string, string[]>()
  for (const metric of metrics.values()) {
    const { formula, from, conversion } = metric.value
    if (formula === undefined) {
      const reads = [from, conversion?.base, conversion?.then].filter((name) => name !== undefined)
      inputs.set(metric.value.metric, reads)
    } else readable.push(...readFormula(metric, formula, metrics, inputs))
  }
  return [...readable, ...circles(metrics, inputs), ...domainless(metrics, inputs)]
}

function readFormula(
  { file, path, value }: DraftMetric,
  formula: string,
  metrics: ReadonlyMap<string, DraftMetric>,
  inputs: Map<string, string[]>,
): CatalogFault[] {
  const at = [...path, 'formula']
  try {
    const reads = [...walk(parseFormula(formula))].flatMap((part) => (part.kind === 'metric' ? [part] : []))
    const named = value.inputs ?? {}
    const meant = (name: string): string => (Object.hasOwn(named, name) ? (named[name]?.metric ?? name) : name)
    inputs.set(
      value.metric,
      reads.map((read) => meant(read.name)),
    )
    if (reads.length === 0)
      return [file.fault(at, 'INVALID_FORMULA', `The formula of "${value.metric}" reads no metric.`)]
    const unread = Object.keys(named).filter((name) => !reads.some((read) => read.name === name))
    const ofInputs = Object.entries(named).flatMap(([name, { metric }]) => {
      if (metrics.has(metric)) return []
      const near = nearest(metric, metrics.keys())
      const message = `There is no metric "${metric}".${didYouMean(near)}`
      return [file.fault([...path, 'inputs', name, 'metric'], 'UNKNOWN_METRIC', message, near)]
    })
    const idle = unread.map((name) =>
      file.fault([...path, 'inputs', name], 'CONTRADICTION', `The formula does not read "${name}".`, [], {
        atKey: true,
      }),
    )
    const ofNames = reads.flatMap((read) => {
      if (metrics.has(read.name) || Object.hasOwn(named, read.name)) return []
      const near = nearest(read.name, metrics.keys())
      const message = `There is no metric "${read.name}".${didYouMean(near)}`
      return [file.fault(at, 'UNKNOWN_METRIC', message, near, { offset: read.at })]
    })
    return [...ofNames, ...ofInputs, ...idle]
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error
    inputs.set(value.metric, [])
    return [file.fault(at, 'INVALID_FORMULA', `${error.message}.`, [], { offset: error.at })]
  }
}

function circles(metrics: ReadonlyMap<string, DraftMetric>, inputs: ReadonlyMap<string, string[]>): CatalogFault[] {
  const faults: CatalogFault[] = []
  const done = new Set<string>()
  const visit = (name: string, way: readonly string[]): void => {
    const metric = metrics.get(name)
    if (metric === undefined || done.has(name)) return
    const seen = way.indexOf(name)
    if (seen >= 0) {
      const circle = [...way.slice(seen), name].join(' -> ')
      const key =
        (['formula', 'from', 'conversion'] as const).find((each) => metric.value[each] !== undefined) ?? 'metric'
      faults.push(metric.file.fault([...metric.path, key], 'CIRCLE', `A metric reads itself: ${circle}.`))
      return
    }
    for (const input of inputs.get(name) ?? []) visit(input, [...way, name])
    done.add(name)
  }
  for (const name of metrics.keys()) visit(name, [])
  return faults
}

function domainless(metrics: ReadonlyMap<string, DraftMetric>, inputs: ReadonlyMap<string, string[]>): CatalogFault[] {
  const domainOf = (name: string, seen: ReadonlySet<string>): readonly string[] => {
    const metric = metrics.get(name)
    if (metric === undefined || seen.has(name)) return []
    const declared = metric.value.domain ?? metric.process?.domain
    if (declared !== undefined) return [declared]
    const further = new Set([...seen, name])
    return [...new Set((inputs.get(name) ?? []).flatMap((input) => domainOf(input, further)))]
  }
  return [...metrics.values()].flatMap(({ file, path, value }) => {
    const domains = domainOf(value.metric, new Set())
    if (domains.length < 2) return []
    const message = `"${value.metric}" spans ${domains.join(' and ')}: name its "domain".`
    return [file.fault([...path, 'metric'], 'MISSING_KEY', message, domains)]
  })
}
