import type { Random } from '../../../support/random.ts'
import { bucketOf, type Day, dayAt, plus } from '../../oracle/calendar.ts'
import type {
  Asked,
  AskedDimension,
  AskedMetric,
  Catalog,
  Dataset,
  FillText,
  Filter,
  GrainText,
  Moment,
} from '../model.ts'
import { columnsOf, type Leaf } from '../oracle/columns.ts'
import { Days } from '../oracle/days.ts'
import { partsOf } from '../oracle/reading.ts'
import { makeFill, makeOffset, makePeriod } from './catalog.ts'
import { makeFilter } from './filters.ts'

interface Setting {
  readonly random: Random
  readonly dataset: Dataset
  readonly moment: Moment
  readonly catalog: Catalog
}

/** Combinations on which the semantics are silent are made again until they are not. */
export function makeQuestion(random: Random, dataset: Dataset, moment: Moment, catalog: Catalog): Asked {
  const setting = { random, dataset, moment, catalog }
  for (;;) {
    const question = random.weighted<() => Asked>([
      [16, () => plainQuestion(setting)],
      [2, () => combinationsQuestion(setting)],
      [2, () => topQuestion(setting)],
    ])()
    if (isSettled(question, setting)) return question
  }
}

function plainQuestion(setting: Setting): Asked {
  const { random } = setting
  const metrics = chooseMetrics(setting)
  const dimensions = chooseDimensions(setting, metrics)
  const grain = chooseGrain(random)
  const names = metrics.map((each) =>
    typeof each === 'string' ? each : (each.as ?? ('metric' in each ? each.metric : '')),
  )
  const withAnalysis = random.chance(0.15) ? [...metrics, analysis(random, names, dimensions, grain)] : metrics
  const isCompared = random.chance(0.12) && withAnalysis === metrics
  const keys = [...(grain === undefined ? [] : ['time']), ...dimensions.filter((each) => typeof each === 'string')]
  return {
    metrics: withAnalysis,
    ...(dimensions.length === 0 ? {} : { dimensions }),
    time: { ...chooseTime(setting, grain), ...(grain === undefined ? {} : { grain }) },
    ...chooseFilters(setting, metrics, grain),
    ...(isCompared
      ? {
          compare: {
            offset: random.pick(['1 day', '7 days', '1 week', '1 month', '2 weeks']),
            ...(random.chance(0.3) ? { elapsed: 'whole' as const } : {}),
          },
        }
      : {}),
    ...(grain !== undefined && !isCompared && random.chance(0.25)
      ? {
          fill: random.weighted<FillText>([
            [2, 'zero'],
            [2, 'null'],
            [2, 'previous'],
            [1, 'none'],
            [2, makeFill(random)],
          ]),
        }
      : {}),
    ...(random.chance(0.12)
      ? {
          having: [
            {
              field: random.pick(names),
              op: random.pick(['gt', 'lte', 'notNull', 'isNull']),
              values: [random.int(0, 4)],
            },
          ].map(clean),
        }
      : {}),
    ...(random.chance(0.25)
      ? { order: [{ field: random.pick([...keys, ...names]), direction: random.pick(['asc', 'desc'] as const) }] }
      : {}),
    ...(random.chance(0.15)
      ? { limit: random.int(1, 9), ...(random.chance(0.4) ? { offset: random.int(0, 4) } : {}) }
      : {}),
    ...(random.chance(0.2) ? { totals: true } : {}),
    ...(keys.length > 1 && random.chance(0.15) ? { subtotals: [random.pick(keys), random.sample(keys, 2)] } : {}),
    ...(random.chance(0.15) ? { missing: 'partial' as const } : {}),
    ...(random.chance(0.1) ? { metricFinality: true } : {}),
    ...(random.chance(0.06) ? { finality: random.pick(['final', 'finalOnly'] as const) } : {}),
  }
}

function clean({ field, op, values }: { field: string; op: string; values: number[] }): Filter {
  return op === 'notNull' || op === 'isNull' ? { field, op } : { field, op, values }
}

function chooseMetrics({ random, catalog }: Setting): AskedMetric[] {
  const all = catalog.metrics.map(({ file }) => file.metric)
  const { process } = random.pick(catalog.metrics)
  const own = catalog.metrics.filter((each) => each.process === process).map(({ file }) => file.metric)
  const chosen = random.sample(
    random.chance(0.7) ? own : all,
    random.weighted([
      [4, 1],
      [4, 2],
      [2, 3],
      [1, 4],
    ]),
  )
  return chosen.map((metric, i) => (random.chance(0.25) ? variant(random, metric, i, catalog) : metric))
}

function variant(random: Random, metric: string, index: number, catalog: Catalog): AskedMetric {
  const model = catalog.metrics.find(({ file }) => file.metric === metric)
  return {
    metric,
    as: `v${index}`,
    ...(random.chance(0.3) ? { filters: [makeFilter(random, ['channel', 'region', 'user'], 1)] } : {}),
    ...(model?.process !== undefined && random.chance(0.2) ? { modifiers: ['picked'] } : {}),
    ...(random.chance(0.3) ? { period: makePeriod(random) } : {}),
    ...(random.chance(0.3) ? { offset: makeOffset(random) } : {}),
    ...(random.chance(0.2) ? { fill: makeFill(random) } : {}),
  }
}

function chooseDimensions({ random }: Setting, metrics: readonly AskedMetric[]): AskedDimension[] {
  const isVisit = metrics.every((each) =>
    /^visit_|^converted|ticket|^part$/.test(typeof each === 'string' ? each : 'metric' in each ? each.metric : ''),
  )
  const offered: AskedDimension[] = [
    'channel',
    'region',
    'user',
    'user.tier',
    ...(isVisit ? ['flag', 'size'] : []),
    { field: 'paid_at', grain: random.pick(['day', 'week', 'month']) },
    { field: 'paid_at', part: random.pick(['dow', 'month', 'hour']) },
    { field: 'time', part: random.pick(['dow', 'month', 'day', 'doy', 'quarter', 'year', 'hour']) },
    { field: 'time', grain: random.pick(['week', 'month', 'season', 'quarter']) },
  ]
  return random.sample(
    offered,
    random.weighted([
      [5, 0],
      [4, 1],
      [2, 2],
    ]),
  )
}

function chooseGrain(random: Random): GrainText | undefined {
  return random.weighted<GrainText | undefined>([
    [5, undefined],
    [10, 'day'],
    [4, 'week'],
    [4, 'month'],
    [1, 'quarter'],
    [2, 'hour'],
    [1, 'season'],
    [
      2,
      {
        every: random.pick(['3 days', '2 weeks', '2 months', '10 days']),
        from: random.pick(['2026-01-31', '2026-03-03', '2025-11-30']),
      },
    ],
  ])
}

function chooseTime({ random, dataset }: Setting, grain: GrainText | undefined): NonNullable<Asked['time']> {
  const zones = dataset.processes.map(({ zone }) => zone)
  const needsZone = grain === 'hour' && zones[0] !== zones[1]
  const zone = needsZone || random.chance(0.15) ? random.pick([...zones, 'UTC', 'Asia/Kolkata']) : undefined
  const today = dayAt(dataset.now, zone ?? zones[0] ?? 'UTC')
  const back = (most: number) => plus(today, -random.int(0, most))
  const ends = (most: number): string[] => [back(most), back(most)].toSorted()
  const range = random.weighted<() => string | string[] | undefined>([
    [8, () => ends(grain === 'hour' ? 2 : 40)],
    [3, () => [back(grain === 'hour' ? 2 : 30), today]],
    [1, () => [bucketOf(today, 'month'), plus(today, random.int(0, 9))]],
    [2, () => (grain === 'hour' ? [today, today] : ends(100))],
    [
      1,
      () =>
        grain === 'hour'
          ? 'last 2 days and today'
          : random.pick([
              'last 7 days',
              'last 2 months',
              'last 2 weeks and today',
              'month to date',
              'quarter to date',
              'last quarter',
            ]),
    ],
    [1, () => (grain === 'hour' ? [today, today] : undefined)],
    [1, () => within(random, ends(9))],
  ])()
  return {
    ...(range === undefined ? {} : { range }),
    ...(zone === undefined ? {} : { zone }),
    ...(range !== undefined && random.chance(0.35) ? { wholeBuckets: true } : {}),
  }
}

function within(random: Random, [from = '', to = '']: readonly Day[]): string[] {
  return [
    `${from}T${String(random.int(0, 11)).padStart(2, '0')}:30Z`,
    `${to}T${String(random.int(12, 23)).padStart(2, '0')}:15Z`,
  ]
}

function chooseFilters(
  { random, dataset, moment }: Setting,
  metrics: readonly AskedMetric[],
  grain: GrainText | undefined,
): Pick<Asked, 'filters'> {
  const isVisit = metrics.every((each) => typeof each === 'string' && each.startsWith('visit_'))
  const filters: Filter[] = []
  if (random.chance(0.3))
    filters.push(
      makeFilter(random, ['channel', 'region', 'user', 'user.tier', ...(isVisit ? ['flag', 'size'] : [])], 2),
    )
  if (random.chance(0.12)) filters.push(timeFilter(random, dataset, grain))
  if (random.chance(0.08)) filters.push(paidFilter(random, dataset))
  const noHoles = dataset.processes.every((process) => !new Days(process, moment, dataset.now).hasMissing)
  if (noHoles && random.chance(0.1)) {
    const own = random.chance(0.4) ? { filters: [makeFilter(random, ['channel', 'region'], 1)] } : {}
    const [metric, values] = random.pick([
      ['visit_rows', [random.int(1, 20)]],
      ['visit_amount', [random.int(10, 300)]],
      ['buy_rows', [random.int(1, 20)]],
    ] as const)
    filters.push({ metric, per: 'user', op: random.pick(['gt', 'lte', 'isNull']), values: [...values], ...own })
    const last = filters.at(-1)
    if (last?.op === 'isNull') filters[filters.length - 1] = { metric, per: 'user', op: 'isNull', ...own }
  }
  return filters.length === 0 ? {} : { filters }
}

function timeFilter(random: Random, dataset: Dataset, grain: GrainText | undefined): Filter {
  const day = plus(dayAt(dataset.now, 'UTC'), -random.int(0, 30))
  if (grain === 'hour') return { field: 'time', part: 'hour', op: random.pick(['lt', 'gte']), values: [12] }
  return random.pick<Filter>([
    { field: 'time', op: random.pick(['gt', 'gte', 'lt', 'lte', 'ne']), values: [day] },
    { field: 'time', op: 'between', values: [plus(day, -9), day] },
    { field: 'time', part: 'dow', op: random.pick(['in', 'notIn']), values: [6, 7] },
    { field: 'time', grain: 'month', op: 'eq', values: [bucketOf(day, 'month')] },
    { not: { field: 'time', part: 'day', op: 'gt', values: [15] } },
  ])
}

function paidFilter(random: Random, dataset: Dataset): Filter {
  const day = plus(dayAt(dataset.now, 'UTC'), -random.int(0, 30))
  return random.pick<Filter>([
    { field: 'paid_at', op: random.pick(['gt', 'gte', 'lt', 'lte']), values: [day] },
    { field: 'paid_at', op: random.pick(['isNull', 'notNull']) },
    { field: 'paid_at', part: 'dow', op: 'lte', values: [3] },
    { field: 'paid_at', grain: 'month', op: 'eq', values: [bucketOf(day, 'month')] },
  ])
}

function analysis(
  random: Random,
  names: readonly string[],
  dimensions: readonly AskedDimension[],
  grain: GrainText | undefined,
): AskedMetric {
  const keys = [...(grain === undefined ? [] : ['time']), ...dimensions.filter((each) => typeof each === 'string')]
  const within = random.sample(keys, random.int(0, keys.length))
  const of = random.pick(names)
  return random.chance(0.5)
    ? { share: { of, within }, as: 'share' }
    : { rank: { by: of, within, direction: random.pick(['asc', 'desc']) }, as: 'place' }
}

function combinationsQuestion(setting: Setting): Asked {
  const { random } = setting
  const dimensions = [
    random.pick(['flag', 'size']),
    ...random.sample(['channel', 'region', 'user.tier'], random.int(0, 2)),
  ]
  const { range, zone } = chooseTime(setting, undefined)
  return {
    dimensions,
    time: { ...(range === undefined ? {} : { range }), ...(zone === undefined ? {} : { zone }) },
    ...(random.chance(0.4) ? { filters: [makeFilter(random, ['channel', 'size'], 1)] } : {}),
  }
}

function topQuestion(setting: Setting): Asked {
  const { random, catalog } = setting
  const own = catalog.metrics.filter(({ process }) => process === 'visit').map(({ file }) => file.metric)
  const metrics = random.sample(own, random.int(1, 3))
  const grain = random.weighted([
    [1, undefined],
    [1, 'week'],
    [1, 'month'],
  ] as const)
  return {
    metrics,
    dimensions: random.sample(['channel', 'region', 'user', 'size'], random.int(1, 2)),
    time: { ...chooseTime(setting, grain), ...(grain === undefined ? {} : { grain }) },
    top: {
      n: random.int(1, 4),
      by: random.pick(metrics),
      others: random.chance(0.7),
      direction: random.pick(['asc', 'desc']),
    },
  }
}

function nameOf(each: AskedDimension): string {
  if (typeof each === 'string') return each
  return each.as ?? `${each.field}__${each.part ?? (typeof each.grain === 'string' ? each.grain : 'every')}`
}

/** False where the written semantics leave a choice. */
function isSettled(question: Asked, { dataset, catalog }: Setting): boolean {
  const { time = {}, dimensions = [], filters = [] } = question
  const leaves = columnsOf(question, catalog).flatMap((column): readonly Leaf[] =>
    column.kind === 'metric'
      ? column.leaves
      : column.kind === 'share'
        ? column.of.leaves
        : column.kind === 'rank'
          ? column.by.leaves
          : [],
  )
  const moves = leaves.some(({ period, shifts }) => period !== undefined || shifts.length > 0)
  const shifts = leaves.flatMap((leaf) => leaf.shifts)
  const periods = leaves.flatMap(({ period }) => (period === undefined ? [] : [partsOf(period)]))
  const grains = [
    time.grain,
    ...dimensions.flatMap((each) =>
      typeof each === 'object' && each.field === 'time' ? [each.grain ?? each.part] : [],
    ),
  ].filter((each) => each !== undefined)
  const hasParts = dimensions.some(
    (each) => typeof each === 'object' && each.field === 'time' && each.part !== undefined,
  )
  const onTime = JSON.stringify(filters).includes('"field":"time"')
  const isSubDay = Array.isArray(time.range) && time.range.some((each) => each.includes('T'))
  const only = grains.length === 1 ? grains[0] : undefined
  const isFine = grains.includes('hour')
  const zones = new Set(dataset.processes.map(({ zone }) => zone))
  const hasHours = JSON.stringify([shifts, periods]).includes('hour')
  const totals =
    question.totals === true ||
    question.subtotals !== undefined ||
    columnsOf(question, catalog).some(({ kind }) => kind === 'share') ||
    question.top !== undefined
  const isWhole = time.wholeBuckets === true
  const coarse = typeof only === 'string' && only !== 'day' && only !== 'hour'
  const to = typeof time.range === 'string' ? undefined : time.range?.[1]
  return [
    // A range that is cut inside a day or a bucket, where days are moved.
    !(moves && isSubDay),
    !(moves && (coarse || typeof time.grain === 'object' || grains.length > 1) && !(isWhole && coarse)),
    !(shifts.length > 0 && grains.length !== 1 && (grains.length > 1 || time.range === undefined)),
    !(moves && (hasParts || grains.length > 1)),
    !(moves && onTime && (grains.length === 0 || coarse || totals)),
    !(moves && typeof time.grain === 'object'),
    !(moves && time.range === undefined && (grains.length > 0 || shifts.length > 0)),
    // The total of what is shifted is that of a range up to a day that is over or is today.
    !(
      shifts.length > 0 &&
      (grains.length === 0 || totals) &&
      (to === undefined || to > dayAt(dataset.now, 'Etc/GMT+12') || isWhole || isFine)
    ),
    !(shifts.some(({ offset }) => /month|quarter|start/.test(offset)) && (totals || isFine)),
    !(shifts.some(({ offset }) => offset.startsWith('start')) && shifts.length > 1),
    !(shifts.some(({ offset }) => offset.startsWith('start')) && periods.length > 0),
    !(isFine && time.zone === undefined && zones.size > 1),
    !(isFine && ['Asia/Kolkata'].some((zone) => time.zone === zone || zones.has(zone)) && hasHours),
    !periods.some(({ atStart }) => atStart === true && (grains.length === 0 || totals)),
    !(periods.some(({ at }) => at !== undefined && at !== 'last') && totals),
    !(isFine && periods.some(({ toDate }) => toDate === 'season')),
    // Snapshots and conversions are looked at as they are.
    !leaves.some(
      ({ file, period, shifts: own }) =>
        (file.snapshot !== undefined || file.conversion !== undefined) && (period !== undefined || own.length > 0),
    ),
    !(
      leaves.some(({ file }) => file.snapshot !== undefined) &&
      (hasParts || JSON.stringify(filters).includes('"metric"'))
    ),
    !(
      question.compare !== undefined &&
      (leaves.some(
        ({ file, period }) =>
          file.snapshot !== undefined ||
          file.conversion !== undefined ||
          file.time !== undefined ||
          (period !== undefined && /leading|start|average/.test(JSON.stringify(period))),
      ) ||
        time.range === undefined)
    ),
    !(question.compare !== undefined && grains.length === 0 && isWhole),
    !(question.fill !== undefined && (time.range === undefined || hasParts)),
    !(
      time.range === undefined &&
      JSON.stringify([question.metrics, leaves.map(({ fill }) => fill)]).includes('"spine":true')
    ),
    // Which days are refused: all that are read, or those alone that the windows and kept moments need.
    !(
      question.finality === 'final' &&
      (periods.some(({ atStart }) => atStart === true) || leaves.some(({ file }) => file.snapshot !== undefined))
    ),
    // How final a further time is on a day that has begun in another process's zone alone.
    !(time.zone === undefined && zones.size > 1 && leaves.some(({ file }) => file.time !== undefined)),
    // Where the first data of a further time would be, when any day may hold it.
    !(time.range === undefined && grains.length > 0 && leaves.some(({ file }) => file.time !== undefined)),
    !(question.compare !== undefined && leaves.some(({ fill }) => fill !== undefined)),
    // Filters with and, or over what is joined and what is not: before keeping or after?
    !(
      leaves.some(({ file }) => file.snapshot !== undefined) &&
      JSON.stringify([filters, leaves.map((leaf) => leaf.filters)]).includes('user.tier')
    ),
    !(question.top !== undefined && leaves.some(({ fill }) => fill !== undefined)),
    !(isWhole && grains.some((grain) => typeof grain === 'object' || grain === 'season' || hasParts)),
    // Times in a filter are those of one zone.
    !(time.zone === undefined && zones.size > 1 && JSON.stringify(filters).includes('paid_at')),
    new Set(dimensions.map(nameOf)).size === dimensions.length,
    // What is approximate has no order.
    !(
      (question.order !== undefined ||
        question.top !== undefined ||
        question.having !== undefined ||
        JSON.stringify(question.metrics ?? []).includes('"rank"')) &&
      columnsOf(question, catalog).some((column) => column.kind === 'metric' && column.tolerance !== undefined)
    ),
    // What lies between two rows that are not neighbours: carried values are asked with every bucket there.
    !leaves.some(({ fill }) => fill?.value === 'previous' && (fill.spine !== true || fill.groups !== 'each')),
    // How final is what a condition on time leaves of a range?
    !(onTime && (grains.length === 0 || totals || question.finality === 'final')),
    !(
      question.compare !== undefined &&
      columnsOf(question, catalog).some((column) => column.kind === 'metric' && column.tolerance !== undefined)
    ),
    !(leaves.some(({ file }) => file.time !== undefined) && periods.some(({ toDate }) => toDate === 'season')),
  ].every(Boolean)
}
