import { freshnessLines, noticeLines } from './answerText.ts'
import { type Paint, printable } from './paint.ts'
import { formatTable, type TableColumn } from './table.ts'
import { NumberText, type WireExplanation, type WireValue } from './wire.ts'

type WireMap = WireExplanation['sourceMap'][number]
type WireStatement = WireExplanation['statements'][number]

const MAP_COLUMNS: readonly TableColumn[] = [
  { title: 'days', align: 'left' },
  { title: 'read', align: 'left' },
  { title: 'source', align: 'left' },
  { title: 'version', align: 'right' },
  { title: 'finality', align: 'left' },
  { title: 'reason', align: 'left' },
]

/** An explanation for people: the plan, the source map of each process, every statement with its values. */
export function explanationLines(explanation: WireExplanation, paint: Paint): string[] {
  const { plan, sourceMap, statements, freshness, notices, catalogVersion, epoch } = explanation
  return [
    paint('plan', 'bold'),
    ...indent(plan.trimEnd().split('\n')),
    '',
    ...sourceMap.flatMap((map) => [...mapLines(map, paint), '']),
    ...statements.flatMap((statement, i) => [...statementLines(statement, i, paint), '']),
    ...(statements.length === 0 ? ['no statement: nothing has to be read', ''] : []),
    ...noticeLines(notices, paint),
    ...freshnessLines(freshness, paint),
    paint(`catalog ${catalogVersion}, epoch ${epoch.digits}`, 'dim'),
  ]
}

function mapLines({ process, zone, metrics, days, refused }: WireMap, paint: Paint): string[] {
  const rows = days.map(({ from, to, read, source, version, finality, reason }) =>
    [from === to ? from : `${from} to ${to}`, read, source ?? '', version?.digits ?? '', finality, reason ?? ''].map(
      (text) => ({ text }),
    ),
  )
  return [
    `${paint(`source map of ${process}`, 'bold')} (${zone}): ${metrics.join(', ')}`,
    ...indent(formatTable(MAP_COLUMNS, rows, paint)),
    ...refused.map((why) => `  can't answer: ${printable(why)}`),
  ]
}

function statementLines(statement: WireStatement, index: number, paint: Paint) {
  const { source, store, engine, metrics, text, params, scope } = statement
  const mark = engine === 'postgres' || engine === 'pglite' ? '$' : 'p'
  return [
    `${paint(`statement ${index + 1}`, 'bold')} ${source} in ${store} (${engine}): ${metrics.join(', ')}`,
    ...indent(text.split('\n')),
    ...params.map((value, i) => `    ${mark}${i + 1} = ${valueText(value)}`),
    ...scope.map(
      ({ condition, values }) => `  only rows where ${printable(condition)}, which is ${printable(values.join(', '))}`,
    ),
  ]
}

function valueText(value: WireValue): string {
  return value instanceof NumberText ? value.digits : JSON.stringify(value)
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`.trimEnd())
}
