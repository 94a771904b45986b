import { readFileSync } from 'node:fs'
import { text as readAll } from 'node:stream/consumers'
import type { QuestionInput } from '../query/question.ts'
import { type Arguments, UsageError } from './arguments.ts'
import { readFilter } from './filterText.ts'
import type { OptionSpecs } from './option.ts'

/** The question as options; what they mean is the gateway's to say. */
export const QUESTION_OPTIONS = {
  metrics: { type: 'string', value: 'A,B', repeats: true, takesMore: true, help: 'Metrics of the catalog.' },
  dimensions: {
    type: 'string',
    value: 'A,B',
    repeats: true,
    takesMore: true,
    help: 'Dimensions, or attributes like advertiser.industry.',
  },
  range: {
    type: 'string',
    value: 'R',
    takesMore: true,
    repeats: true,
    help: '"last 7 days", "month to date", 2026-11, or two ends: 2026-11-14 2026-11-20.',
  },
  from: { type: 'string', value: 'DAY', help: 'The first end of the range.' },
  to: { type: 'string', value: 'DAY', help: 'The last end of the range, inclusive.' },
  grain: { type: 'string', value: 'G', help: 'minute, hour, day, week, month, quarter or year; default: one total.' },
  zone: { type: 'string', value: 'Z', help: "A time zone; default: each process's own." },
  filter: {
    type: 'string',
    value: 'F',
    repeats: true,
    help: `'channel in feed,search', 'region = SH', 'channel notNull', or JSON; all of them hold.`,
  },
  having: { type: 'string', value: 'F', repeats: true, help: `On metrics of the answer: 'clicks gt 100'.` },
  order: {
    type: 'string',
    value: 'A:desc',
    repeats: true,
    takesMore: true,
    help: 'Columns of the answer, each with :asc or :desc.',
  },
  limit: { type: 'string', value: 'N', help: 'At most so many rows.' },
  compare: {
    type: 'string',
    value: 'SPAN',
    help: 'Beside each metric what it was, like "7 days" or "1 month" before.',
  },
  fill: { type: 'string', value: 'F', help: 'null, zero or previous: every bucket for every group.' },
  totals: { type: 'boolean', help: 'Adds the grand total.' },
  align: { type: 'boolean', help: 'Reads processes that a metric combines from real time together.' },
  finality: { type: 'string', value: 'F', help: 'any, final (refuses otherwise) or finalOnly (withholds rows).' },
  question: { type: 'string', value: 'Q', help: `The whole question as JSON: '{...}', @file.json or -.` },
} as const satisfies OptionSpecs

/** Options that say where the question is asked, shared by every command that asks. */
export const PLACE_OPTIONS = {
  catalog: { type: 'string', value: 'DIR', help: 'The folder holding metrics/ and dimensions/ (ONESERVICE_CATALOG).' },
  json: { type: 'boolean', help: 'Prints what the REST API answers, as it is.' },
} as const satisfies OptionSpecs

/** The word that stands for standard input. */
export const STDIN = '-'

/** The question as JSON text. Throws UsageError. */
export async function questionText(given: Arguments): Promise<string> {
  const whole = given.words.includes(STDIN) ? STDIN : given.text('question')
  const parts = Object.keys(QUESTION_OPTIONS).filter((name) => name !== 'question' && given.has(name))
  if (whole === undefined) {
    if (parts.length === 0) throw new UsageError('Ask something: --metrics, or the whole question with --question.')
    return JSON.stringify(questionOf(given))
  }
  if (parts.length > 0) throw new UsageError(`The question is given whole; --${parts[0]} belongs into it.`)
  if (whole === STDIN) return readAll(process.stdin)
  return whole.startsWith('@') ? readQuestionFile(whole.slice(1)) : whole
}

function readQuestionFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new UsageError(`--question: ${path} can't be read (${reason}).`)
  }
}

/** The question that the options make; only what was given stands in it. */
export function questionOf(given: Arguments): QuestionInput {
  const dimensions = list(given, 'dimensions')
  const filters = given.all('filter').map((text) => readFilter(text, 'filter'))
  const having = given.all('having').map((text) => readFilter(text, 'having'))
  const order = list(given, 'order').map(readOrder)
  const limit = given.integer('limit', 0)
  const time = timeOf(given)
  const question = {
    metrics: list(given, 'metrics'),
    ...(dimensions.length === 0 ? {} : { dimensions }),
    ...(Object.keys(time).length === 0 ? {} : { time }),
    ...(filters.length === 0 ? {} : { filters }),
    ...(having.length === 0 ? {} : { having }),
    ...(order.length === 0 ? {} : { order }),
    ...(limit === undefined ? {} : { limit }),
    ...(given.has('compare') ? { compare: { offset: given.text('compare') } } : {}),
    ...(given.has('fill') ? { fill: given.text('fill') } : {}),
    ...(given.has('totals') ? { totals: true } : {}),
    ...(given.has('align') ? { align: true } : {}),
    ...(given.has('finality') ? { finality: given.text('finality') } : {}),
  }
  // Grain, finality and direction are passed on as they were written: the gateway knows them, and what is near.
  return question as QuestionInput
}

function list(given: Arguments, name: keyof typeof QUESTION_OPTIONS): string[] {
  return given
    .all(name)
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '')
}

function timeOf(given: Arguments): Record<string, unknown> {
  const range = rangeOf(given)
  return {
    ...(range === undefined ? {} : { range }),
    ...(given.has('grain') ? { grain: given.text('grain') } : {}),
    ...(given.has('zone') ? { zone: given.text('zone') } : {}),
  }
}

/** One phrase, whose words may stand apart, or one or two ends. */
function rangeOf(given: Arguments): string | readonly string[] | undefined {
  const words = given.all('range')
  const [from, to] = [given.text('from'), given.text('to')]
  if (from !== undefined || to !== undefined) {
    if (words.length > 0) throw new UsageError('Give --range or --from and --to, not both.')
    if (from === undefined || to === undefined) throw new UsageError('--from and --to go together; both are inclusive.')
    return [from, to]
  }
  const [first, second] = words
  if (first === undefined) return undefined
  if (!/^\d/.test(first)) return words.join(' ')
  if (words.length > 2) throw new UsageError('--range takes a phrase or two ends.')
  return second === undefined ? first : [first, second]
}

function readOrder(text: string): { field: string; direction?: string } {
  const colon = text.lastIndexOf(':')
  return colon < 0 ? { field: text } : { field: text.slice(0, colon), direction: text.slice(colon + 1) }
}
