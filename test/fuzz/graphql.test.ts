import { afterAll, beforeAll, expect, it } from 'vitest'
import { FAULTS } from '../../src/base/faults.ts'
import { Random } from './random.ts'
import { randomRange } from './ranges.ts'
import { ODD_ZONES, TEXTS } from './texts.ts'
import { openWorld, type World } from './world.ts'

const FRESH = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 32))
const FIXED = 20_261_120
const DOCUMENTS = 1500

let world: World
let before: string
beforeAll(async () => {
  world = await openWorld()
  before = await world.fingerprint()
})
afterAll(() => world.stop())

const quoted = (text: string): string => JSON.stringify(text)

/** A document that is right but for what chance puts into its texts, numbers, names and brackets. */
function document(random: Random): { query: string; variables?: unknown } {
  const text = (): string => quoted(random.pick(TEXTS))
  const scalar = (): string =>
    random.pick([text(), '1', '-9223372036854775809', '1e999', 'null', 'true', '[]', '{}', 'ENUM', '"2026-11-19"'])
  const range = (): string => JSON.stringify(randomRange(random))
  const zone = (): string => quoted(random.pick([...ODD_ZONES, 'UTC', 'Asia/Shanghai']))
  const field = (): string =>
    random.pick(['label', 'code', 'shelf', 'fragile', 'site', 'nope', '__proto__', 'and', 'or', 'not'])
  const op = (): string =>
    random.pick(['eq', 'ne', 'in', 'notIn', 'gt', 'lte', 'between', 'contains', 'startsWith', 'isNull', 'nope'])
  const args = random.some(
    [
      `time: {range: ${range()}, grain: ${random.pick(['DAY', 'HOUR', 'WEEK', 'dya'])}, zone: ${zone()}}`,
      `time: {range: ${scalar()}}`,
      `where: {${field()}: {${op()}: ${scalar()}}}`,
      `where: {label: {${op()}: [${text()}, ${scalar()}]}}`,
      `where: {not: {or: [{label: {eq: ${text()}}}, {code: {key: {contains: ${text()}}}}]}}`,
      'where: {label: {eq: $v}}',
      `having: [{field: ${text()}, gt: ${scalar()}}]`,
      `orderBy: [{field: ${text()}, direction: ${random.pick(['ASC', 'DESC', 'UP'])}}]`,
      `limit: ${scalar()}`,
      `finality: ${random.pick(['ANY', 'FINAL', 'FINAL_ONLY', 'SOME'])}`,
      `compare: {offset: ${random.pick(['"1 day"', '"start of month"', scalar()])}, elapsed: ${random.pick(['SAME', 'WHOLE', 'HALF'])}}`,
      `top: {n: ${scalar()}, by: ${random.pick(['"visits"', text()])}, others: ${scalar()}}`,
      `fill: ${random.pick(['NONE', 'NULL', 'ZERO', 'PREVIOUS', 'ONE'])}`,
      `offset: ${scalar()}`,
      `cursor: ${text()}`,
      `where: {time: {${op()}: ${scalar()}, part: {dow: {${op()}: ${scalar()}}}}}`,
      `where: {per: [{metric: ${random.pick(['"visits"', text()])}, per: ${random.pick(['"site"', text()])}, gt: ${scalar()}}]}`,
    ],
    0,
    3,
  )
  const rows = random.some(
    [
      'time',
      'label',
      'site { key title }',
      'visits',
      'plain_visits',
      'parcels',
      `a: visits(modifiers: [${text()}])`,
      `b: visits(period: ${random.pick(['"trailing 3 days"', text()])}, offset: ${random.pick(['"1 day"', text()])})`,
      `c: visits(side: ${random.pick(['PREVIOUS', 'DELTA', 'RATIO'])})`,
      `d: visits(${random.pick(['share', 'rank'])}: {within: [${random.pick(['"label"', text()])}]})`,
      `e: time(${random.pick(['grain: MONTH', 'part: DOW', `calendar: ${text()}`, `every: {every: ${text()}, from: ${scalar()}}`])})`,
      `finality(of: ${random.pick(['"visits"', text()])}) inProgress`,
      'visits',
      'nope',
      'finality',
      '... on Nope { x }',
      '__typename',
    ],
    0,
    5,
  )
  const selection = random.pick([
    `rows { ${rows.join(' ')} }`,
    'totals { visits finality }',
    `rows { ${rows.join(' ')} } subtotals(by: [${random.pick(['"label"', '"time"', text()])}]) { visits }`,
    'rows',
    'freshness { finalThrough }',
    '',
  ])
  const filter = args.some((arg) => arg.includes('$v'))
  const whole = `query Q${filter ? '($v: String)' : ''} { kiosk${args.length === 0 ? '' : `(${args.join(', ')})`} { ${selection} } }`
  const query = random.chance(0.15) ? damaged(whole, random) : whole
  return random.chance(0.3)
    ? { query, variables: random.pick([{ v: random.pick(TEXTS) }, { v: [1] }, null, { __proto__: 1 }, 'x']) }
    : { query }
}

function damaged(text: string, random: Random): string {
  const at = random.int(text.length)
  return random.pick([
    text.slice(0, at),
    text.slice(0, at) + random.pick(['{', '}', '"', '(', '\u0000', '#']) + text.slice(at),
    '{'.repeat(random.int(3000)),
    `${text}${text}`,
  ])
}

/** What is wrong with a response; undefined when nothing is. */
function complaint(status: number, body: string): string | undefined {
  if (status >= 500) return `a ${status}`
  if (
    /DB::|relation "|pg_|node_modules|\n\s+at |\.ts:\d|TypeError|RangeError/.test(body) ||
    body.includes(process.cwd())
  )
    return 'a leak'
  const { data, errors } = JSON.parse(body) as { data?: unknown; errors?: { extensions?: { code?: string } }[] }
  if (errors === undefined) return data === undefined ? 'neither data nor errors' : undefined
  const codes = errors.map((error) => error.extensions?.code ?? '')
  const odd = codes.find((code) => !Object.hasOwn(FAULTS, code))
  if (odd !== undefined) return `the code "${odd}"`
  const broken = codes.find((code) => FAULTS[code as keyof typeof FAULTS].status >= 500)
  return broken === undefined ? undefined : `the code ${broken}`
}

it.each([
  ['fixed', FIXED],
  ['fresh', FRESH],
])('documents of the %s seed %i are answered or refused in our form', async (_which, seed) => {
  const random = new Random(seed)
  const wrong: string[] = []
  let answered = 0
  for (let i = 0; i < DOCUMENTS; i++) {
    const payload = JSON.stringify(document(random))
    const response = await world.app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json' },
      payload,
    })
    if (response.statusCode === 200 && !response.body.includes('"errors"')) answered++
    const found = complaint(response.statusCode, response.body)
    if (found !== undefined) wrong.push(`${found}: ${payload.slice(0, 600)} -> ${response.body.slice(0, 300)}`)
  }
  expect(wrong.slice(0, 5)).toEqual([])
  expect(answered).toBeGreaterThan(DOCUMENTS / 50)
  expect(await world.fingerprint()).toBe(before)
})
