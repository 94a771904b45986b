import type { Cell } from '../base/cell.ts'

/**
 * The one port every store stands behind. A store is a small bundle: an engine, its SQL dialect, what it can do and
 * a driver. Callers hand over a frozen Statement and get rows of plain values; nothing of a driver's own types passes.
 */

/** The families of SQL that are compiled to. */
export type DialectName = 'postgres' | 'clickhouse'

/** The engines a URL can name. */
export type Engine = 'postgres' | 'pglite' | 'clickhouse' | 'chdb'

/** A bound value. Integers beyond 2^53 and decimals are text. */
export type Parameter = string | number | boolean | null

/**
 * SQL text and its bound values, in order. PostgreSQL text names them $1, $2, ...;
 * ClickHouse text names them {p1:Type}, {p2:Type}, ...
 */
export interface Statement {
  readonly dialect: DialectName
  readonly text: string
  readonly params: readonly Parameter[]
}

export type { Cell }

export interface ResultSet {
  readonly columns: readonly string[]
  /** Row by row, each in the order of `columns`. */
  readonly rows: readonly (readonly Cell[])[]
}

/** Bounds on one call. */
export interface CallOptions {
  /** Ends the statement inside the store, not only the wait for it. */
  readonly signal?: AbortSignal
  /** Milliseconds the statement may run; the store itself stops it. */
  readonly timeout?: number
}

export interface ColumnDescription {
  readonly name: string
  /** The store's own type name, e.g. `timestamp with time zone`, `Nullable(Decimal(18, 2))`. */
  readonly type: string
  readonly nullable: boolean
}

/**
 * A connected store.
 *
 * Every method rejects with a Fault: STORE_DOWN when the store can't be reached, DEADLINE when `timeout` has passed,
 * CLIENT_CLOSED when `signal` fired, STORE_FAILED when the store refused the statement (its message in `cause` only).
 */
export interface Store {
  readonly name: string
  readonly engine: Engine
  readonly dialect: DialectName
  query(statement: Statement, options?: CallOptions): Promise<ResultSet>
  /** Runs trusted text without values: DDL and maintenance of our own. Several statements are given one by one. */
  execute(text: string): Promise<void>
  /** Appends rows to a table. Cells fit the columns' types as text would; null is null. */
  load(table: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void>
  /** The columns of a table, in order; undefined when there is no such table. */
  describe(table: string): Promise<readonly ColumnDescription[] | undefined>
  close(): Promise<void>
}
