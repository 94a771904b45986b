import { formatDay, startOfDay } from '../../base/time.ts'
import type { Source } from '../../catalog/catalog.ts'
import type { DialectName } from '../port.ts'
import type { VersionedDay } from './audit.ts'

/** The columns of days and of versions, where both are columns. */
export function partitionColumns({ time, version }: Source): readonly [string, string] | undefined {
  const own = time.grain === 'day' && time.expression.kind === 'column' ? time.expression.column : undefined
  const day = own ?? time.day
  return day === undefined || version === undefined ? undefined : [day, version]
}

/** Deletes the rows of a version. Days and numbers are ours, names are the catalog's: no caller's text is in it. */
export function deleteVersion(
  source: Source,
  { day, version }: VersionedDay,
  zone: string,
  dialect: DialectName,
): string {
  const { time, table } = source
  if (source.version === undefined) throw new TypeError(`${source.name} has no versions to drop`)
  const quote = (name: string): string => quoted(name, dialect)
  const moment = time.expression.kind === 'column' ? quote(time.expression.column) : `(${time.expression.sql})`
  const days = time.grain === 'day' ? moment : time.day === undefined ? undefined : quote(time.day)
  const ofDay =
    days === undefined
      ? `${moment} >= ${instant(startOfDay(day, zone), dialect)} AND ${moment} < ${instant(startOfDay(day + 1, zone), dialect)}`
      : `${days} = '${formatDay(day)}'`
  const rest = source.where === undefined ? '' : ` AND (${source.where})`
  return `DELETE FROM ${quotedTable(table, dialect)} WHERE ${ofDay} AND ${quote(source.version)} = ${version}${rest}`
}

/** A table's name, as queries write it. */
export function quotedTable(table: string, dialect: DialectName): string {
  return table
    .split('.')
    .map((part) => quoted(part, dialect))
    .join('.')
}

function quoted(name: string, dialect: DialectName): string {
  return dialect === 'postgres' ? `"${name.replaceAll('"', '""')}"` : `\`${name.replaceAll('`', '\\`')}\``
}

function instant(at: number, dialect: DialectName): string {
  const iso = new Date(at).toISOString()
  return dialect === 'postgres' ? `'${iso}'::timestamptz` : `parseDateTime64BestEffort('${iso}', 3, 'UTC')`
}
