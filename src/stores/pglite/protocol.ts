import type { Cell, Parameter, ResultSet } from '../port.ts'

/** What the worker is started with. */
export interface WorkerStart {
  /** An absolute folder. */
  readonly folder: string
}

/** One piece of work; several statements run in one transaction. `script` is trusted text without values. */
export type Work =
  | { readonly kind: 'script'; readonly text: string }
  | { readonly kind: 'statements'; readonly statements: readonly WorkStatement[] }
  | { readonly kind: 'close' }

export interface WorkStatement {
  readonly text: string
  readonly params: readonly Parameter[]
}

export interface Request {
  readonly id: number
  readonly work: Work
}

/** What the worker says: once that it is open or could not be opened, then one reply for every request. */
export type Reply =
  | { readonly kind: 'open' }
  | { readonly kind: 'missing'; readonly message: string }
  | { readonly kind: 'rows'; readonly id: number; readonly result: ResultSet }
  | { readonly kind: 'error'; readonly id: number; readonly message: string; readonly code: string | undefined }

/** The answer of work that has no rows. */
export const NOTHING: ResultSet = { columns: [], rows: [] as readonly (readonly Cell[])[] }
