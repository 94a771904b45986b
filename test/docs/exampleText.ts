import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { writeJson } from '../../src/cli/prettyJson.ts'
import { OPEN_CALLER } from '../../src/gateway/caller.ts'
import { type ExplainedStatement, explain } from '../../src/gateway/explain.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import type { Table } from '../support/answersTable.ts'
import { ask, type Told } from '../support/ask.ts'
import type { Example } from './examples.ts'
import { layOutSql } from './layOutSql.ts'

/** Rows that are shown of an answer. */
const MOST_ROWS = 6
/** What people read is left out of definitions: it stands in the files. */
const FOR_PEOPLE = ['label', 'aliases', 'description', 'unit', 'format']

type Definition = Readonly<Record<string, unknown>> & { readonly metric: string }

/** Metric name -> its definition, and the file it stands in. */
export type Definitions = ReadonlyMap<string, { readonly file: string; readonly value: Definition }>

/** The metrics of a catalog folder as they are written. */
export function readDefinitions(folder: string): Definitions {
  const files = readdirSync(join(folder, 'metrics')).toSorted()
  return new Map(
    files.flatMap((file) => {
      const { metrics } = parse(readFileSync(join(folder, 'metrics', file), 'utf8')) as { metrics: Definition[] }
      return metrics.map((value) => [value.metric, { file, value }] as const)
    }),
  )
}

/** One section: definition, question, statements, rows. */
export async function exampleText(
  { title, about, metrics, question }: Example,
  gateway: Gateway,
  definitions: Definitions,
): Promise<string> {
  const { statements } = await explain(readQuestion(question), OPEN_CALLER, gateway)
  const told = await ask(gateway, question)
  return [
    `### ${title}`,
    about,
    ...(metrics.length === 0 ? [] : [fenced('yaml', definitionText(metrics, definitions))]),
    fenced('json', writeJson(question)),
    ...statements.toSorted(byPlace).map(statementText),
    rowsText(told),
  ].join('\n\n')
}

function definitionText(names: readonly string[], definitions: Definitions): string {
  const shown = names.map((name) => {
    const found = definitions.get(name)
    if (found === undefined) throw new Error(`no file defines ${name}`)
    return Object.fromEntries(Object.entries(found.value).filter(([key]) => !FOR_PEOPLE.includes(key)))
  })
  return stringify(shown, { collectionStyle: 'any', lineWidth: 0 }).trimEnd()
}

/** Offline before live, and each source in one place. */
function byPlace(a: ExplainedStatement, b: ExplainedStatement): number {
  const place = ({ engine, source, text }: ExplainedStatement) => `${engine === 'chdb' ? 0 : 1} ${source} ${text}`
  return place(a) < place(b) ? -1 : 1
}

function statementText({ source, engine, text, params }: ExplainedStatement): string {
  const named = engine === 'chdb' ? 'ClickHouse' : 'PostgreSQL'
  const given = params.length === 0 ? '' : `\n-- with ${params.map((each) => JSON.stringify(each)).join(', ')}`
  return `${named}, \`${source}\`:\n\n${fenced('sql', `${layOutSql(text)}${given}`)}`
}

function rowsText({ table, floats, finality, totals, answer }: Told): string {
  const { columns, rows } = shortened(table, floats)
  const lines = rows.slice(0, MOST_ROWS).map((row, at) => [...row, finality[at] ?? ''])
  const more = rows.length - lines.length
  const { approximate } = answer.receipt
  return [
    tableText([...columns, 'finality'], lines),
    ...(more > 0 ? [`and ${more} more ${more === 1 ? 'row' : 'rows'}.`] : []),
    ...(totals === undefined ? [] : [`Totals: ${pairs(shortened(totals, floats))}.`]),
    ...(approximate.length === 0
      ? []
      : [`Receipt, \`approximate\`: ${approximate.map((each) => `"${each}"`).join(', ')}.`]),
  ].join('\n\n')
}

function pairs({ columns, rows: [row = []] }: Table): string {
  return columns.map((name, at) => `\`${name}\` ${row[at] ?? 'null'}`).join(', ')
}

/** Doubles to six digits, which is as far as they are the same on every machine; exact numbers whole. */
function shortened({ columns, rows }: Table, floats: ReadonlySet<string>): Table {
  const isFloat = columns.map((name) => floats.has(name))
  const short = (cell: string | null, at: number): string | null =>
    cell === null || !isFloat[at] ? cell : String(Number(Number(cell).toPrecision(6)))
  return { columns, rows: rows.map((row) => row.map(short)) }
}

export function tableText(columns: readonly string[], rows: readonly (readonly (string | null)[])[]): string {
  const line = (cells: readonly (string | null)[]) => `| ${cells.map((cell) => cell ?? 'null').join(' | ')} |`
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')
}

export function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``
}
