import type { Cell, Store } from '../../src/stores/port.ts'
import { plainNumber, type Table } from '../support/answersTable.ts'
import type { AlgebraCase } from './answerCases.ts'
import { askWorld, type Refused, type TextRecord, type Told } from './askWorld.ts'
import type { World } from './openWorld.ts'
import type { SetUpName } from './setUps.ts'
import { type Closeness, differencesOf } from './tableDifferences.ts'

/** How far two doubles may lie apart, relative to the larger. */
const CLOSE = 1e-9

/** Asks a case's question and holds the answer against its statements. Gives what is wrong; nothing when all is right. */
export async function checkAnswer(of: AlgebraCase, world: World): Promise<readonly string[]> {
  const told = of.pages === undefined ? await askWorld(world, of.question) : await askPages(of, world)
  if ('refused' in told) {
    return told.refused === of.refused ? [] : [`refused with ${told.refused}: ${told.detail}`]
  }
  if (of.refused !== undefined) return [`answered with ${told.table.rows.length} rows, ${of.refused} expected`]
  const expected = await readTruth(world.truth, of.check_sql ?? '')
  const closeness: Closeness = {
    floats: told.floats,
    close: of.approximate ?? CLOSE,
    all: of.approximate !== undefined,
  }
  const wrong: string[] = []
  const report = differencesOf(expected, told.table, closeness)
  if (report !== undefined) wrong.push(report)
  if ((expected.rows.length === 0) !== of.empty)
    wrong.push('check_sql gives no rows, or gives some where none is right')
  wrong.push(...finalityFaults(of, told, world.setUp), ...noticeFaults(of, told, world.setUp))
  wrong.push(...(await totalsFaults(of, told, world, closeness)))
  if ((of.truncated ?? told.truncated) !== told.truncated) wrong.push(`truncated: ${told.truncated}`)
  return wrong
}

/** Reads a statement over the truth. */
export async function readTruth(truth: Store, text: string): Promise<Table> {
  const { columns, rows } = await truth.query({ dialect: truth.dialect, text, params: [] })
  return { columns, rows: rows.map((row) => row.map(textOf)) }
}

function textOf(cell: Cell): string | null {
  return cell === null ? null : plainNumber(String(cell))
}

function finalityFaults(of: AlgebraCase, told: Told, setUp: SetUpName): string[] {
  const expected = expectationOf(of.finality, setUp)
  if (expected === undefined) return []
  const all = typeof expected === 'string' ? told.finality.map(() => expected) : expected
  if (all.join() === told.finality.join()) return []
  return [`finality\n  expected ${all.join(', ')}\n  got      ${told.finality.join(', ')}`]
}

function noticeFaults(of: AlgebraCase, told: Told, setUp: SetUpName): string[] {
  const expected = expectationOf(of.notice, setUp) ?? []
  const lacking = expected.filter((code) => !told.notices.includes(code))
  return lacking.length === 0 ? [] : [`notices lack ${lacking.join(', ')}; there are ${told.notices.join(', ')}`]
}

function expectationOf<T extends string | readonly string[]>(
  of: T | Partial<Record<SetUpName, T>> | undefined,
  setUp: SetUpName,
): T | undefined {
  if (of === undefined || typeof of === 'string' || Array.isArray(of)) return of as T | undefined
  return (of as Partial<Record<SetUpName, T>>)[setUp]
}

async function totalsFaults(of: AlgebraCase, told: Told, { truth }: World, closeness: Closeness): Promise<string[]> {
  const wrong: string[] = []
  const compare = async (title: string, sql: string | undefined, rows: readonly TextRecord[] | undefined) => {
    if (sql === undefined && rows === undefined) return
    if (sql === undefined || rows === undefined) {
      wrong.push(
        `${title}: ${rows === undefined ? 'expected, and there are none' : 'there are some, and none expected'}`,
      )
      return
    }
    const expected = await readTruth(truth, sql)
    const report = differencesOf(sorted(expected), sorted(tableOf(rows, expected.columns)), closeness)
    if (report !== undefined) wrong.push(`${title}: ${report}`)
  }
  await compare('totals', of.totals_sql, told.totals)
  const wanted = of.subtotals ?? []
  if (wanted.length !== (told.subtotals ?? []).length) wrong.push(`subtotals: ${told.subtotals?.length ?? 0} sets`)
  for (const { by, sql } of wanted) {
    await compare(
      `subtotals by ${by.join(', ')}`,
      sql,
      told.subtotals?.find((each) => each.by.join() === by.join())?.rows,
    )
  }
  return wrong
}

/** The named columns of records; a name that a record lacks is told apart from null. */
function tableOf(rows: readonly TextRecord[], columns: readonly string[]): Table {
  return { columns, rows: rows.map((row) => columns.map((name) => (name in row ? (row[name] ?? null) : '(lacking)'))) }
}

/** Rows of totals have no order of their own; their keys stand first and tell them apart. */
function sorted(table: Table): Table {
  return { columns: table.columns, rows: table.rows.toSorted((a, b) => (a.join('\t') < b.join('\t') ? -1 : 1)) }
}

/** Asks page after page, each by the cursor of the one before, and puts them together again. */
async function askPages(of: AlgebraCase, world: World): Promise<Told | Refused> {
  let whole: Told | undefined
  let cursor: string | null | undefined
  for (const [i, size] of (of.pages ?? []).entries()) {
    const question = cursor === undefined ? of.question : { ...of.question, cursor }
    const told = await askWorld(world, question)
    if ('refused' in told) return told
    if (told.table.rows.length !== size) {
      return { refused: 'PAGES', detail: `page ${i} has ${told.table.rows.length} rows, ${size} expected` }
    }
    whole = whole === undefined ? told : joined(whole, told)
    cursor = told.nextCursor
    if (cursor === null) break
  }
  if (whole === undefined) return { refused: 'PAGES', detail: 'no pages' }
  return cursor === null ? whole : { refused: 'PAGES', detail: 'there are further pages' }
}

function joined(a: Told, b: Told): Told {
  const rows = [...a.table.rows, ...b.table.rows]
  return { ...b, table: { columns: a.table.columns, rows }, finality: [...a.finality, ...b.finality] }
}
