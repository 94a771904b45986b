import type { AtomicModel, Dataset, Measured, MetricModel, NumberKind, ProcessModel } from '../model.ts'
import type { Asked, Filter } from '../question.ts'

/** An atomic metric under filters of its own: what is aggregated by itself. */
export interface Request {
  readonly key: string
  readonly process: ProcessModel
  readonly metric: AtomicModel
  readonly filters: readonly Filter[]
}

/** A metric column of the answer. */
export interface MetricColumn {
  readonly name: string
  readonly type: NumberKind
  readonly requests: readonly Request[]
  readonly evaluate: (value: (request: Request) => Measured) => Measured
}

/** The metric columns of a question, in its order. */
export function metricColumns(question: Asked, dataset: Dataset): MetricColumn[] {
  return question.metrics.map((asked) => {
    const { metric, modifiers = [], as = metric } = typeof asked === 'string' ? { metric: asked } : asked
    return { ...columnOf(metricNamed(metric, dataset), modifiers, dataset), name: as }
  })
}

function columnOf(metric: MetricModel, modifiers: readonly string[], dataset: Dataset): MetricColumn {
  const { name, type } = metric
  switch (metric.kind) {
    case 'atomic': {
      const request = requestOf(metric, modifiers, dataset)
      return { name, type, requests: [request], evaluate: (value) => value(request) }
    }
    case 'derived':
      return columnOf(metricNamed(metric.from, dataset), [...metric.modifiers, ...modifiers], dataset)
    case 'composite': {
      const inputs = metric.inputs.map((input) => columnOf(metricNamed(input, dataset), modifiers, dataset))
      return {
        name,
        type,
        requests: inputs.flatMap((input) => input.requests),
        evaluate: (value) => metric.evaluate(inputs.map((input) => input.evaluate(value))),
      }
    }
  }
}

function requestOf(metric: AtomicModel, modifiers: readonly string[], dataset: Dataset): Request {
  const process = processNamed(metric.process, dataset)
  const names = [...new Set(modifiers)].toSorted()
  return {
    key: [metric.name, ...names].join(' '),
    process,
    metric,
    filters: names.flatMap((each) => process.modifiers[each] ?? []),
  }
}

function metricNamed(name: string, { metrics }: Dataset): MetricModel {
  const metric = metrics.find((each) => each.name === name)
  if (metric === undefined) throw new RangeError(`no metric ${name}`)
  return metric
}

function processNamed(name: string, { processes }: Dataset): ProcessModel {
  const process = processes.find((each) => each.name === name)
  if (process === undefined) throw new RangeError(`no process ${name}`)
  return process
}

/** The processes that metrics read, each once, in the order in which they come up. */
export function processesOf(metrics: readonly string[], dataset: Dataset): ProcessModel[] {
  const requests = metrics.flatMap((name) => columnOf(metricNamed(name, dataset), [], dataset).requests)
  return [...new Set(requests.map((request) => request.process))]
}
