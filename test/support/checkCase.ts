import { expect } from 'vitest'
import { Fault } from '../../src/base/faults.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import type { Cell, Store } from '../../src/stores/port.ts'
import type { AnswerCase } from './answerCases.ts'
import { differences, plainNumber, type Table } from './answersTable.ts'
import { ask, type Told } from './ask.ts'

/** Asks a case's question and holds the answer against its statement, which runs in `truth`. */
export async function checkCase(of: AnswerCase, gateway: Gateway, truth: Store): Promise<void> {
  if (of.fault !== undefined) {
    const refused = await ask(gateway, of.question).catch((error: unknown) => error)
    expect(refused instanceof Fault ? refused.errors.map(({ code }) => code) : refused).toEqual([of.fault])
    if (of.says !== undefined) expect(refused instanceof Fault ? refused.message : refused).toContain(of.says)
    return
  }
  const told = await ask(gateway, of.question)
  const { table, finality } = splitFinality(await read(truth, of.check_sql ?? ''))
  const report = differences(table, told.table, told.floats)
  if (report !== undefined) expect.fail(report)
  expect(table.rows.length > 0, 'some rows').toBe(!of.empty)
  expectFinality(of.finality ?? finality, told)
  await expectTotals(of, told, truth)
  expect(told.answer.truncated, 'truncated').toBe(of.truncated)
  const notices = told.answer.notices.map(({ code, from, to }) => `${code} ${from} ${to}`)
  if (of.notices !== undefined) expect(notices, 'notices').toEqual(of.notices)
  if (of.final_through !== undefined) expect(told.answer.freshness.finalThrough).toBe(of.final_through)
}

function expectFinality(expected: string | readonly string[] | undefined, told: Told): void {
  if (expected === undefined) return
  const all = typeof expected === 'string' ? told.finality.map(() => expected) : expected
  expect(told.finality, 'finality of the rows').toEqual(all)
}

async function expectTotals({ totals_sql: sql }: AnswerCase, told: Told, truth: Store): Promise<void> {
  expect(told.totals !== undefined, 'totals and totals_sql come together').toBe(sql !== undefined)
  if (sql === undefined || told.totals === undefined) return
  const report = differences(await read(truth, sql), told.totals, told.floats)
  if (report !== undefined) expect.fail(`totals: ${report}`)
}

async function read(store: Store, text: string): Promise<Table> {
  const { columns, rows } = await store.query({ dialect: store.dialect, text, params: [] })
  return { columns, rows: rows.map((row) => row.map(textOf)) }
}

function textOf(cell: Cell): string | null {
  if (cell === null) return null
  return plainNumber(String(cell))
}

function splitFinality(table: Table): { table: Table; finality: string[] | undefined } {
  if (table.columns.at(-1) !== 'finality') return { table, finality: undefined }
  const rows = table.rows.map((row) => row.slice(0, -1))
  const finality = table.rows.map((row) => String(row.at(-1)))
  return { table: { columns: table.columns.slice(0, -1), rows }, finality }
}
