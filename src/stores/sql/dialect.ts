import type { Kysely, RawBuilder } from 'kysely'
import type { DatePart, Day, Grain, Instant } from '../../base/time.ts'
import type { TimeGrain } from '../../catalog/catalog.ts'
import type { ValueType } from '../../catalog/schema.ts'
import type { NormalValue } from '../../query/resolved.ts'
import type { DialectName } from '../port.ts'
import type { NumberKind } from './numberKind.ts'

/** A piece of SQL with its bound values. */
export type Sql = RawBuilder<unknown>

/** The bits of a hash that choose no HyperLogLog register. */
export const REST_BITS = 2 ** 50 - 1

/**
 * What the two families of SQL say differently. A record of functions, not a base class: the builder puts statements
 * together in one way and asks the dialect for the parts.
 */
export interface SqlDialect {
  readonly name: DialectName
  /** Compiles only; statements run through a store's driver. */
  readonly compiler: Kysely<unknown>
  /** Ends every statement. */
  readonly suffix: string
  /** A bound value, typed as the field it is compared with. */
  value(value: NormalValue, type: ValueType): Sql
  instant(instant: Instant): Sql
  day(day: Day): Sql
  integer(value: number): Sql
  /** The first day (YYYY-MM-DD), below day grain the first millisecond, of the bucket that holds a time. */
  bucket(time: Sql, has: TimeGrain, grain: Grain, zone: string): Sql
  /**
   * Sum of all rows, or of those where `when` holds; null when there is nothing. `as` says what is summed, where that
   * is known: `whole` is declared by the catalog and refuses what is not an integer.
   */
  sum(of: Sql, as: NumberKind | 'whole' | undefined, when: Sql | undefined): Sql
  min(of: Sql, when: Sql | undefined): Sql
  max(of: Sql, when: Sql | undefined): Sql
  /** Rows, or rows where `of` is not null. */
  count(of: Sql | undefined, when: Sql | undefined): Sql
  /** Rows where a boolean, or a number that is not 0, holds; of nulls alone it is null. */
  sumBoolean(of: Sql, when: Sql | undefined): Sql
  /** Number, sum and sum of squares; of doubles number, mean and sum of squared distances from it. */
  variance(of: Sql, as: NumberKind | undefined, floats: boolean, when: Sql | undefined): readonly [Sql, Sql, Sql]
  /** The value at the first or last time, that time in microseconds, and what decides between equal times. */
  end(
    which: 'first' | 'last',
    of: Sql,
    time: Sql,
    tie: Sql | undefined,
    when: Sql | undefined,
  ): readonly [Sql, Sql, Sql]
  /** A time as microseconds since the epoch, as text. */
  micros(time: Sql): Sql
  /** A number of a time: its year, month, day of the week (Monday 1), ... */
  part(time: Sql, has: TimeGrain, part: DatePart, zone: string): Sql
  /**
   * Makes two rows of one, for both HyperLogLog sketches: 0 with the first 64 bits of the MD5 of a key, 1 with the
   * others; as columns under these names of a select that has no others of them.
   */
  hashes(of: Sql, sketch: Sql, hash: Sql): Sql
  /** The register of a hash (p = 14; those of the second sketch stand behind those of the first) and the highest rank there. */
  register(sketch: Sql, hash: Sql): { readonly register: Sql; readonly rank: Sql }
  /** The block of 64 registers that a register is in, and those of a block: for each register * 64 + rank in 4 hex digits. */
  block(register: Sql, rank: Sql): { readonly block: Sql; readonly registers: Sql }
  /** The bucket of a number in the histogram over the top 18 bits of its double. */
  histogramBucket(of: Sql): Sql
  /**
   * The word of 64 integers that holds an integer, by its place on the line of all integers, so that one with a sign and
   * one without never share a bit they should not; and the bits of all integers of a group in it, in hexadecimal.
   */
  word(of: Sql): { readonly index: Sql; readonly bits: Sql }
  countDistinct(of: Sql, when: Sql | undefined): Sql
  /** A group key as it should travel. */
  output(of: Sql, type: ValueType): Sql
  /** A column of a joined table, which is null where no row matches. */
  nullable(of: Sql): Sql
  /** A distinct key as text. */
  keyText(of: Sql): Sql
  /** Sum of a hash of the columns of each row: any change of a row changes it. Of one engine only. */
  rowsHash(columns: readonly Sql[]): Sql
  contains(of: Sql, text: Sql): Sql
  /** contains, whatever the case. */
  containsFolded(of: Sql, text: Sql): Sql
  startsWith(of: Sql, text: Sql): Sql
  /** A text that is compared by code point. */
  ordered(of: Sql, type: ValueType): Sql
  /** `select <columns> from <rest>` with one row for each value of `unique`. */
  selectUnique(columns: Sql, rest: Sql, unique: Sql): Sql
}
