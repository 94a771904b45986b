import type { Gateway } from '../../src/gateway/gateway.ts'
import type { QuestionInput } from '../../src/query/question.ts'
import type { Store } from '../../src/stores/port.ts'
import { MONTH, QUANTILES } from '../support/views.ts'
import { type Asked, ask, byHand, costLine } from './statesAsked.ts'

/** Ways in which the same people are hashed. */
export const SEEDS = 50

/** Where the last fortnight begins. */
const FORTNIGHT = '2026-11-07'

const MOST_RMS = 0.01
const MOST_ERROR = 0.025
const MOST_QUANTILE_ERROR = 0.008

export interface StatesBench {
  readonly gateway: Gateway
  /** Holds every row that counts in `all_views`. */
  readonly offline: Store
  readonly print: (line: string) => void
  readonly miss: (target: string) => void
}

const time = { range: [MONTH[0], MONTH[1]] } satisfies QuestionInput['time']

/** Distinct integer ids: every figure is the one of SQL over all rows. */
export async function exactCounts(bench: StatesBench): Promise<void> {
  const people = await byHand('select uniqExact(viewer_id) from all_views', bench.offline)
  await exactly(bench, 'viewers of the month', { metrics: ['viewers'], time }, people)
  const byChannel = { metrics: ['viewers'], dimensions: ['channel'], time, totals: true }
  const channels = 'select uniqExact(viewer_id) from all_views group by channel order by channel'
  await exactly(bench, 'viewers by channel, and in all', byChannel, [
    ...(await byHand(channels, bench.offline)),
    ...people,
  ])
  const days = { range: [FORTNIGHT, MONTH[1]] as [string, string], grain: 'day' as const }
  const sliding = { metrics: ['viewers_of_a_week'], time: days }
  const weeks = `select uniqExact(viewer_id) from all_views as v, (select toDate('${FORTNIGHT}') + number as last from numbers(14)) as d
    where v.day > d.last - 7 and v.day <= d.last group by d.last order by d.last`
  await exactly(bench, 'viewers of 7 days, for 14 days', sliding, await byHand(weeks, bench.offline))
  const texts = await ask({ metrics: ['viewers_by_text'], time }, bench.gateway)
  bench.print(costLine('the same by their texts, exactly', texts))
  bench.print(`    ${texts.refusal?.code ?? texts.figures}: ${texts.refusal?.message ?? 'answered'}`)
}

async function exactly(
  { gateway, print, miss }: StatesBench,
  name: string,
  question: QuestionInput,
  truth: readonly number[],
): Promise<void> {
  const asked = await ask(question, gateway)
  const found = [...(asked.figures[0] ?? []), ...asked.totals]
  const isRight = found.length === truth.length && found.every((figure, i) => figure === truth[i])
  print(costLine(name, asked))
  const told = truth.length === 1 ? String(truth[0]) : `${truth.length} figures up to ${Math.max(...truth)}`
  print(`    ${isRight ? 'equal to' : 'NOT'} ${told}`)
  if (!isRight) miss(`${name}: ${asked.refusal?.message ?? found.join(' ')} and not ${truth.join(' ')}`)
}

/** Distinct texts by HyperLogLog, over an eighth of the rows and over all of them. */
export async function approximateCounts(bench: StatesBench): Promise<void> {
  const filters = [{ field: 'channel', op: 'eq' as const, values: [3] }]
  await approximately(bench, 'members of one channel', SEEDS, { filters }, 'where channel = 3')
  await approximately(bench, 'members of the month', SEEDS, {}, '')
}

async function approximately(
  { gateway, offline, print, miss }: StatesBench,
  name: string,
  seeds: number,
  more: QuestionInput,
  where: string,
): Promise<void> {
  const [people = Number.NaN] = await byHand(`select uniqExact(member) from all_views ${where}`, offline)
  const [rows = 0] = await byHand(`select count() from all_views ${where}`, offline)
  const all: Asked[] = []
  for (let seed = 1; seed <= seeds; seed++)
    all.push(await ask({ metrics: [`members_${seed}`], time, ...more }, gateway))
  const errors = all.map(({ figures }) => Number(figures[0]?.[0] ?? Number.NaN) / people - 1)
  const rms = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / seeds)
  const worst = Math.max(...errors.map(Math.abs))
  const mean = (of: (asked: Asked) => number) => all.reduce((sum, each) => sum + of(each), 0) / seeds
  const cost = {
    milliseconds: mean((each) => each.milliseconds),
    rows: Math.round(mean((each) => each.rows)),
    bytes: mean((each) => each.bytes),
  }
  print(costLine(`${name}, mean of ${seeds} seeds`, cost))
  const told = `RMS error ${percent(rms)}, worst ${percent(worst)}`
  print(`    ${told} of ${people.toLocaleString('en')} people in ${rows.toLocaleString('en')} rows`)
  // Written so that what is no number misses.
  if (!(rms <= MOST_RMS && worst <= MOST_ERROR)) miss(`${name}: ${told}`)
}

/** Percentiles by histogram beside the values that stand there when all rows are ordered. */
export async function percentiles({ gateway, offline, print, miss }: StatesBench): Promise<void> {
  const asked = await ask({ metrics: [...QUANTILES.keys()], time }, gateway)
  const [rows = 0] = await byHand('select count() from all_views', offline)
  print(costLine(`${QUANTILES.size} percentiles`, asked))
  for (const [i, [name, share]] of [...QUANTILES].entries()) {
    const place = Math.ceil(share * rows) - 1
    const [exact = Number.NaN] = await byHand(
      `select seconds from all_views order by seconds limit 1 offset ${place}`,
      offline,
    )
    const found = asked.figures[i]?.[0] ?? Number.NaN
    const error = Math.abs(found / exact - 1)
    print(`    ${name.padEnd(6)}${found.toPrecision(8)} where ${exact} is exact: ${percent(error)}`)
    if (!(error <= MOST_QUANTILE_ERROR)) miss(`${name}: ${found} is ${percent(error)} off`)
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`
}
