import type { FilterInput, QuestionInput } from '../../src/query/question.ts'
import { DIMENSIONS, FIELD_TYPES, metricsOfProcess, PROCESSES } from './kiosk.ts'
import type { Random } from './random.ts'
import { STORABLE } from './texts.ts'

type Field = keyof typeof FIELD_TYPES
const FIELDS = Object.keys(FIELD_TYPES) as Field[]
const GRAINS = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const
const RANGES = [
  'today',
  'yesterday',
  'last 7 days',
  'last 2 weeks and today',
  'month to date',
  ['2026-11-18', '2026-11-20'],
  ['2026-11-19T03:00', '2026-11-19T22:15'],
  ['2026-11'],
  ['2026'],
  ['2026-11-18T00:00:00Z', '2026-11-19T23:59:59.999+05:45'],
]
const ZONES = ['UTC', 'Asia/Shanghai', 'America/St_Johns', 'Pacific/Kiritimati', 'Australia/Lord_Howe', 'Asia/Katmandu']

/** A question of right form about things that exist; it must be answered, or refused with 422 and a reason. */
export function validQuestion(random: Random): QuestionInput {
  const metrics = metricsOf(random)
  const dimensions = random.chance(0.6) ? random.some<string>([...DIMENSIONS, ...FIELDS], 1, 3) : []
  const fields = [...new Set(dimensions)]
  const grain = random.chance(0.5) ? random.pick(GRAINS) : undefined
  const columns = [...metrics, ...fields, ...(grain === undefined ? [] : ['time'])]
  return {
    metrics,
    ...(fields.length === 0 ? {} : { dimensions: fields }),
    time: {
      range: random.pick(RANGES),
      ...(grain === undefined ? {} : { grain }),
      ...(random.chance(0.3) ? { zone: random.pick(ZONES) } : {}),
    },
    ...(random.chance(0.6) ? { filters: filters(random) } : {}),
    ...(random.chance(0.3) ? { having: [having(random, random.pick(metrics))] } : {}),
    ...(random.chance(0.4) ? { order: order(random, columns) } : {}),
    ...(random.chance(0.3) ? { limit: random.pick([0, 1, 5, 50_000]) } : {}),
    ...(random.chance(0.3) ? { finality: random.pick(['any', 'final', 'finalOnly'] as const) } : {}),
    ...(random.chance(0.3) ? { totals: random.chance(0.5) } : {}),
  }
}

function metricsOf(random: Random): string[] {
  const known = metricsOfProcess(random.pick(PROCESSES))
  return random.some(random.chance(0.1) ? [...known, 'visits_a_parcel'] : known, 1, 4)
}

const filters = (random: Random): FilterInput[] => Array.from({ length: 1 + random.int(2) }, () => filter(random, 2))

function filter(random: Random, depth: number): FilterInput {
  if (depth > 0 && random.chance(0.3)) {
    if (random.chance(0.3)) return { not: filter(random, depth - 1) }
    const items = Array.from({ length: 1 + random.int(3) }, () => filter(random, depth - 1))
    return random.chance(0.5) ? { and: items } : { or: items }
  }
  return comparison(random)
}

function comparison(random: Random): FilterInput {
  const field = random.pick(FIELDS)
  const type = FIELD_TYPES[field]
  const value = (): string | number | boolean => someValue(type, random)
  const ordered = type === 'boolean' ? [] : (['gt', 'gte', 'lt', 'lte', 'between'] as const)
  const textual = type === 'string' ? (['contains', 'startsWith'] as const) : []
  const op = random.pick(['eq', 'ne', 'in', 'notIn', 'isNull', 'notNull', ...ordered, ...textual] as const)
  if (op === 'isNull' || op === 'notNull') return { field, op, ...(random.chance(0.5) ? { values: [] } : {}) }
  if (op === 'between') return { field, op, values: [value(), value()] }
  if (op === 'in' || op === 'notIn') {
    const values = Array.from({ length: random.int(4) }, value)
    return { field, op, values: random.chance(0.2) ? [...values, null] : values }
  }
  return { field, op, values: [value()] }
}

function someValue(type: (typeof FIELD_TYPES)[Field], random: Random): string | number | boolean {
  switch (type) {
    case 'integer':
      return random.pick([0, -0, 1, 2, -1, '9223372036854775807', '-9223372036854775808', '007', 9007199254740991])
    case 'boolean':
      return random.chance(0.5)
    case 'date':
      return random.pick(['2026-11-01', '2020-02-29', '1900-01-01', '2299-12-31', '1970-01-01'])
    case 'string':
      return random.pick(STORABLE)
  }
}

/** Numbers in every form that JSON has. */
function having(random: Random, metric: string): FilterInput {
  const value = () => random.pick([0, -0, 1, 0.5, 1e-7, 1.5e-300, 123456789.125, '0.1', '-5', '9'.repeat(60), '1.000'])
  const op = random.pick(['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'between', 'in', 'notIn', 'isNull', 'notNull'] as const)
  if (op === 'isNull' || op === 'notNull') return { field: metric, op }
  if (op === 'between') return { field: metric, op, values: [value(), value()] }
  return { field: metric, op, values: [value()] }
}

const order = (random: Random, columns: readonly string[]) =>
  random
    .some(columns, 1, 2)
    .map((field) => ({ field, ...(random.chance(0.5) ? { direction: random.pick(['asc', 'desc'] as const) } : {}) }))
