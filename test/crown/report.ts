import { OPEN_CALLER } from '../../src/gateway/caller.ts'
import { explain } from '../../src/gateway/explain.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import { catalogTexts } from './catalogTexts.ts'
import type { Plain } from './compare.ts'
import type { Asked } from './question.ts'
import type { Failure } from './worlds.ts'

const MOST_ROWS = 40

/** Everything that one needs to look into a failure. */
export async function reportOf({ kind, what, world, gateway, got, wanted }: Failure, seed: number): Promise<string> {
  const { dataset, moment, question } = world
  return [
    `${kind} with seed ${seed}, dataset ${dataset.id} (offline ${dataset.engines.offline}, realtime ${dataset.engines.realtime})`,
    what,
    `now ${new Date(moment.now).toISOString()}${moment.realtimeDown ? ', realtime down' : ''}`,
    `question ${JSON.stringify(question)}`,
    ...catalogTexts(dataset, moment).map(({ path, text }) => `${path}: ${JSON.stringify(JSON.parse(text))}`),
    `published ${JSON.stringify([...moment.published].map(([source, days]) => [source, Object.fromEntries(days)]))}`,
    await explained(question, gateway),
    `expected ${table(wanted)}`,
    `got ${table(got)}`,
  ].join('\n')
}

async function explained(question: Asked, gateway: Gateway): Promise<string> {
  try {
    const explanation = await explain(readQuestion(question), OPEN_CALLER, gateway)
    return `source map and statements ${JSON.stringify(explanation, undefined, 1)}`
  } catch (error) {
    return `no source map: ${String(error)}`
  }
}

function table(of: Plain | string): string {
  if (typeof of === 'string') return of
  const rows = of.rows.slice(0, MOST_ROWS).map((row) => `  ${JSON.stringify(row)}`)
  const more = of.rows.length > MOST_ROWS ? [`  ... ${of.rows.length} rows`] : []
  const rest = JSON.stringify({ totals: of.totals, truncated: of.truncated, finalThrough: of.finalThrough })
  return [of.columns.join(' | '), ...rows, ...more, `  ${rest}`].join('\n')
}
