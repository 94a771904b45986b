import { type FaultDetail, faultDetail, pointer } from '../base/faults.ts'
import type { AtomicMetric, Catalog, Metric, Process } from '../catalog/catalog.ts'
import { type Formula, mapLeaves, walk } from '../catalog/formula.ts'
import { bindFilter, unknownName } from './filters.ts'
import { fieldBinder } from './names.ts'
import type { AtomicRequest, RequestLeaf } from './resolved.ts'

/** Turns metrics into formulas over atomic requests; equal requests are kept once, whoever asks for them. */
export class RequestBook {
  readonly #catalog: Catalog
  readonly #requests = new Map<string, AtomicRequest>()

  constructor(catalog: Catalog) {
    this.#catalog = catalog
  }

  get requests(): readonly AtomicRequest[] {
    return [...this.#requests.values()]
  }

  /** The formula of a metric, its own modifiers and the extra ones applied to every input. */
  formula(
    metric: Metric,
    extra: readonly string[],
    path: readonly PropertyKey[],
    faults: FaultDetail[],
  ): Formula<RequestLeaf> {
    switch (metric.kind) {
      case 'atomic':
        return this.#request(metric, extra, path, faults)
      case 'derived': {
        const base = this.#catalog.metrics.get(metric.base)
        if (base?.kind !== 'atomic') throw new TypeError(`${metric.name} is not derived from an atomic metric`)
        return this.#request(base, [...metric.modifiers, ...extra], path, faults)
      }
      case 'composite':
        return mapLeaves(metric.expression, ({ name }) => {
          const input = this.#catalog.metrics.get(name)
          if (input === undefined) throw new TypeError(`the compiled catalog lacks ${name}`)
          return this.formula(input, extra, path, faults)
        })
    }
  }

  #request(
    metric: AtomicMetric,
    modifiers: readonly string[],
    path: readonly PropertyKey[],
    faults: FaultDetail[],
  ): Formula<RequestLeaf> {
    const process = processOf(this.#catalog, metric)
    const names = [...new Set(modifiers)].toSorted()
    for (const name of names) {
      if (process.modifiers.has(name)) continue
      faults.push(unknownName('UNKNOWN_MODIFIER', `modifier of ${process.name}`, name, process.modifiers.keys(), path))
      return { kind: 'null' }
    }
    const id = names.length === 0 ? metric.name : `${metric.name}[${names.join(',')}]`
    if (!this.#requests.has(id)) {
      const filters = names.flatMap((name) => process.modifiers.get(name)?.filters ?? [])
      const predicates = filters.map((filter) => {
        const input = { field: filter.field, op: filter.op, values: [...filter.values] }
        return bindFilter(input, path, fieldBinder(this.#catalog), faults)
      })
      this.#requests.set(id, { id, metric, process, modifiers: predicates })
    }
    return { kind: 'request', id }
  }
}

function processOf(catalog: Catalog, metric: Metric): Process {
  const process = catalog.processes.get(metric.processes[0] ?? '')
  if (process === undefined) throw new TypeError(`the compiled catalog has no process for ${metric.name}`)
  return process
}

/** Ids of the requests a formula reads, each once. */
export function readsOf(formula: Formula<RequestLeaf>): string[] {
  const ids = new Set<string>()
  for (const part of walk(formula)) if (part.kind === 'request') ids.add(part.id)
  return [...ids]
}

/** A fault for a variant that would be two columns of one name. */
export function duplicateColumn(name: string, path: readonly PropertyKey[]): FaultDetail {
  const message = `The answer has a column "${name}" already; give this one another name with "as".`
  return faultDetail('DUPLICATE_COLUMN', pointer(path), message)
}
