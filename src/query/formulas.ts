import { type FaultDetail, faultDetail, pointer } from '../base/faults.ts'
import type { AtomicMetric, Catalog, Metric, Process } from '../catalog/catalog.ts'
import type { Condition, Expression } from '../catalog/formula.ts'
import { bindFilter, unknownName } from './filters.ts'
import { fieldBinder } from './names.ts'
import type { AtomicRequest, Formula, FormulaCondition } from './resolved.ts'

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
  formula(metric: Metric, extra: readonly string[], path: readonly PropertyKey[], faults: FaultDetail[]): Formula {
    switch (metric.kind) {
      case 'atomic':
        return this.#request(metric, extra, path, faults)
      case 'derived': {
        const base = this.#catalog.metrics.get(metric.base)
        if (base?.kind !== 'atomic') throw new TypeError(`${metric.name} is not derived from an atomic metric`)
        return this.#request(base, [...metric.modifiers, ...extra], path, faults)
      }
      case 'composite':
        return this.#expression(metric.expression, extra, path, faults)
    }
  }

  #request(
    metric: AtomicMetric,
    modifiers: readonly string[],
    path: readonly PropertyKey[],
    faults: FaultDetail[],
  ): Formula {
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

  #expression(of: Expression, extra: readonly string[], path: readonly PropertyKey[], faults: FaultDetail[]): Formula {
    const inner = (each: Expression) => this.#expression(each, extra, path, faults)
    switch (of.kind) {
      case 'number':
      case 'null':
        return of
      case 'metric': {
        const metric = this.#catalog.metrics.get(of.name)
        if (metric === undefined) throw new TypeError(`the compiled catalog lacks ${of.name}`)
        return this.formula(metric, extra, path, faults)
      }
      case 'negate':
        return { kind: 'negate', operand: inner(of.operand) }
      case 'binary':
        return { kind: 'binary', op: of.op, left: inner(of.left), right: inner(of.right) }
      case 'call':
        return { kind: 'call', name: of.name, args: of.args.map(inner) }
      case 'case':
        return {
          kind: 'case',
          branches: of.branches.map((branch) => ({
            condition: mapCondition(branch.condition, inner),
            result: inner(branch.result),
          })),
          otherwise: inner(of.otherwise),
        }
    }
  }
}

function mapCondition(of: Condition, inner: (each: Expression) => Formula): FormulaCondition {
  switch (of.kind) {
    case 'compare':
      return { kind: 'compare', op: of.op, left: inner(of.left), right: inner(of.right) }
    case 'isNull':
      return { kind: 'isNull', operand: inner(of.operand), negated: of.negated }
    case 'not':
      return { kind: 'not', operand: mapCondition(of.operand, inner) }
    case 'and':
    case 'or':
      return { kind: of.kind, left: mapCondition(of.left, inner), right: mapCondition(of.right, inner) }
  }
}

function processOf(catalog: Catalog, metric: Metric): Process {
  const process = catalog.processes.get(metric.processes[0] ?? '')
  if (process === undefined) throw new TypeError(`the compiled catalog has no process for ${metric.name}`)
  return process
}

/** Ids of the requests a formula reads, each once. */
export function readsOf(formula: Formula): string[] {
  const ids = new Set<string>()
  const visitCondition = (condition: FormulaCondition): void => {
    switch (condition.kind) {
      case 'compare':
      case 'and':
      case 'or':
        for (const side of [condition.left, condition.right]) {
          if (condition.kind === 'compare') visit(side as Formula)
          else visitCondition(side as FormulaCondition)
        }
        break
      case 'isNull':
        visit(condition.operand)
        break
      case 'not':
        visitCondition(condition.operand)
        break
    }
  }
  const visit = (of: Formula): void => {
    switch (of.kind) {
      case 'request':
        ids.add(of.id)
        break
      case 'negate':
        visit(of.operand)
        break
      case 'binary':
        visit(of.left)
        visit(of.right)
        break
      case 'call':
        of.args.forEach(visit)
        break
      case 'case':
        for (const branch of of.branches) {
          visitCondition(branch.condition)
          visit(branch.result)
        }
        visit(of.otherwise)
        break
      case 'number':
      case 'null':
        break
    }
  }
  visit(formula)
  return [...ids]
}

/** A fault for a variant that would be two columns of one name. */
export function duplicateColumn(name: string, path: readonly PropertyKey[]): FaultDetail {
  const message = `The answer has a column "${name}" already; give this one another name with "as".`
  return faultDetail('DUPLICATE_COLUMN', pointer(path), message)
}
