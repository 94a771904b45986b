import type { ValueType } from '../../catalog/schema.ts'
import type { ColumnDescription, DialectName } from '../../stores/port.ts'
import { type ColumnKind, kindOf, widthOfType } from './columnKind.ts'
import { singular, validName } from './names.ts'
import { timeRank } from './timeColumn.ts'

/** What a column may become in a catalog. */
export type Guess =
  | { readonly role: 'dimension'; readonly column: Column; readonly type: ValueType; readonly name: string }
  | { readonly role: 'measure'; readonly column: Column; readonly agg: 'sum' | 'avg' }
  | { readonly role: 'key'; readonly column: Column }
  | { readonly role: 'unused'; readonly column: Column; readonly why: string }

export interface Column {
  readonly name: string
  readonly type: string
  readonly kind: ColumnKind
}

export interface Guesses {
  readonly time: Column
  /** Columns that could be the time as well. */
  readonly otherTimes: readonly Column[]
  readonly rest: readonly Guess[]
}

/** Wider texts are seldom something to group by. */
const WIDEST_DIMENSION = 100

/** Integers that say which, not how many. */
const CODE =
  /(^|_)(status|state|type|kind|code|level|tier|grade|category|class|flag|year|quarter|month|week|weekday|hour|zip|postcode|sku|version|priority|rank)$|^(is|has)_/

/** Numbers that are averaged, not added. */
const AVERAGED = /(^|_)(price|rate|ratio|share|percent|percentage|pct|score|rating|age|temperature|average|avg)$/

const PLACE = /(^|_)(lat|lng|lon|latitude|longitude)$/

/** Texts that nobody groups by, or that are about a person. */
const FREE_TEXT =
  /(^|_)(description|comments?|notes?|remarks?|body|content|message|text|title|subject|url|uri|link|path|referr?er|user_agent|e?mail|phone|mobile|tel|address|addr|password|passwd|secret|token|hash|signature|payload|json|xml|html|query|sql|error|stack|trace|ip|session|cookie)$|^name$|(^|_)(first|last|full|user|customer|buyer|contact)_?name$/

/** Guesses what every column is. undefined when there is nothing that could be the time. */
export function guess(
  columns: readonly ColumnDescription[],
  dialect: DialectName,
  process: string,
  timeName: string | undefined,
): Guesses | undefined {
  const all = columns.map(({ name, type }): Column => ({ name, type, kind: kindOf(type, dialect) }))
  const times = all
    .filter(({ kind }) => kind === 'instant' || kind === 'date')
    .toSorted((a, b) => timeRank(a) - timeRank(b))
  const time = timeName === undefined ? times[0] : times.find(({ name }) => name === timeName)
  if (time === undefined) return undefined
  return {
    time,
    otherTimes: times.filter((each) => each !== time),
    rest: all.flatMap((column, i) => (column === time ? [] : [guessColumn(column, i, process)])),
  }
}

function guessColumn(column: Column, index: number, process: string): Guess {
  const name = validName(column.name, `${process}_column_${index + 1}`)
  const dimension = (type: ValueType, as = name): Guess => ({ role: 'dimension', column, type, name: as })
  const unused = (why: string): Guess => ({ role: 'unused', column, why })
  const isId = /(^|_)id$/.test(name)
  if (isId && [`${singular(process)}_id`, `${process}_id`, 'id'].includes(name)) return { role: 'key', column }
  switch (column.kind) {
    case 'integer':
      if (isId) return dimension('integer', name.replace(/_id$/, ''))
      return CODE.test(name) ? dimension('integer') : measureOf(column, name)
    case 'decimal':
    case 'float':
      return PLACE.test(name) ? unused('a place') : measureOf(column, name)
    case 'boolean':
      return dimension('boolean')
    case 'date':
      return dimension('date')
    case 'text':
    case 'castText':
      if (FREE_TEXT.test(name)) return unused('free text, or about a person')
      if ((widthOfType(column.type) ?? 0) > WIDEST_DIMENSION) return unused('a wide text')
      return dimension('string', isId ? name.replace(/_id$/, '') : name)
    case 'instant':
      return unused('another time')
    case 'other':
      return unused('write it as {sql: ...} if it is needed')
  }
}

function measureOf(column: Column, name: string): Guess {
  return { role: 'measure', column, agg: AVERAGED.test(name) ? 'avg' : 'sum' }
}
