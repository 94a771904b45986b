import type { Random } from '../../support/random.ts'
import type { AtomicModel, DerivedModel, DimensionModel, MetricModel, ModifierModel, RatioModel } from '../model.ts'
import type { Tokens } from '../tokens.ts'

type Shape = Pick<AtomicModel, 'aggregation' | 'of'>

const ALWAYS: readonly Shape[] = [
  { aggregation: 'count', of: undefined },
  { aggregation: 'sum', of: 'cost' },
]
const SOMETIMES: readonly Shape[] = [
  { aggregation: 'sum', of: 'units' },
  { aggregation: 'min', of: 'cost' },
  { aggregation: 'max', of: 'cost' },
  { aggregation: 'count_distinct', of: 'viewer' },
]

/** The metrics of a process. `of` names it in what is told of a leak; `days` = a table of days may hold one alone. */
export function makeMetrics(
  random: Random,
  tokens: Tokens,
  modifiers: readonly ModifierModel[],
  of: string,
  days: boolean,
): MetricModel[] {
  const name = (word: string) => `${word}_${tokens.next(`the metric ${word} of ${of}`)}`
  const atomic = [...ALWAYS, ...random.some(SOMETIMES, 0.4)].map(
    (shape): AtomicModel => ({ kind: 'atomic', name: name(shape.aggregation), ...shape, daysOnly: false }),
  )
  const alone: AtomicModel[] =
    days && random.chance(0.5)
      ? [{ kind: 'atomic', name: name('held_by_days'), aggregation: 'sum', of: 'cost', daysOnly: true }]
      : []
  const derived = modifiers.length === 0 ? [] : Array.from({ length: random.int(1, 3) }, () => random.pick(atomic))
  const ratios = Array.from({ length: random.int(0, 2) }, (): RatioModel => {
    const inputs = random.sample([...atomic, ...alone], 2)
    return { kind: 'ratio', name: name('ratio'), above: inputs[0]?.name ?? '', below: inputs[1]?.name ?? '' }
  })
  return [
    ...random.shuffled(atomic),
    ...alone,
    ...derived.map(
      (from): DerivedModel => ({
        kind: 'derived',
        name: name('derived'),
        from: from.name,
        modifiers: random.sample(modifiers, random.int(1, 2)).map((modifier) => modifier.name),
      }),
    ),
    ...ratios,
  ]
}

/** Modifiers of a process: plain ones, and ones that name a tenant by key or by name. */
export function makeModifiers(
  random: Random,
  tokens: Tokens,
  dimensions: readonly DimensionModel[],
  of: string,
): ModifierModel[] {
  const filters = dimensions.flatMap(({ name, type, members, table, named }): ModifierModel['filters'] => {
    const names = !named ? [] : members.flatMap((member) => member.name ?? [])
    const key = members.length === 0 ? 'web' : random.pick(members).key
    return [
      { field: name, op: 'in', values: [type === 'integer' ? Number(key) : key] },
      ...(table === undefined ? [] : [{ field: `${name}.tier`, op: 'eq', values: ['gold'] } as const]),
      ...(names.length === 0 ? [] : [{ field: `${name}.name`, op: 'eq', values: [random.pick(names)] } as const]),
    ]
  })
  return random.some(filters, 0.6).map((filter) => ({
    name: `modifier_${tokens.next(`a modifier on ${filter.field} of ${of}`)}`,
    filters: [filter],
  }))
}
