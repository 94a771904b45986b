import { Fault } from '../../base/faults.ts'
import { type Bounds, within } from '../bounds.ts'
import { folderOf, holdFolder } from '../folders.ts'
import type { CallOptions, Cell, ColumnDescription, ResultSet, Statement, Store } from '../port.ts'
import { describeStatement, readDescription } from '../postgres/describe.ts'
import { downFault, postgresFault } from '../postgres/faults.ts'
import { loadStatements, typesStatement } from '../postgres/load.ts'
import { type Share, SharedEngines } from '../shared.ts'
import { PgliteEngine } from './engine.ts'
import type { Work } from './protocol.ts'

const engines = new SharedEngines<PgliteEngine>()

/** PostgreSQL inside the process, kept in a folder (`pglite:///path`) or nowhere (`pglite://memory`). */
export async function openPglite(name: string, url: string): Promise<Store> {
  const folder = folderOf(url)
  try {
    return new PgliteStore(name, await engines.acquire(folder, () => openEngine(name, folder)))
  } catch (error) {
    throw error instanceof Fault ? error : downFault(name, error)
  }
}

/** Opened when it has answered: what is wrong with the folder is told now and not to the first question. */
async function openEngine(name: string, folder: string): Promise<PgliteEngine> {
  const held = await holdFolder(folder)
  const engine = new PgliteEngine(held.path, held.release)
  try {
    await within(name, {}, (bounds) => engine.submit({ kind: 'script', text: 'SELECT 1' }, bounds))
    return engine
  } catch (error) {
    await engine.close()
    throw error
  }
}

class PgliteStore implements Store {
  readonly name: string
  readonly engine = 'pglite'
  readonly dialect = 'postgres'
  readonly #share: Share<PgliteEngine>

  constructor(name: string, share: Share<PgliteEngine>) {
    this.name = name
    this.#share = share
  }

  query(statement: Statement, options?: CallOptions): Promise<ResultSet> {
    return within(this.name, options, (bounds) => this.#run({ kind: 'statements', statements: [statement] }, bounds))
  }

  async execute(text: string): Promise<void> {
    await within(this.name, {}, (bounds) => this.#run({ kind: 'script', text }, bounds))
  }

  async load(table: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void> {
    const types = await this.query(typesStatement(table))
    const statements = [...loadStatements(table, columns, types.rows, rows)]
    await within(this.name, {}, (bounds) => this.#run({ kind: 'statements', statements }, bounds))
  }

  async describe(table: string): Promise<readonly ColumnDescription[] | undefined> {
    return readDescription((await this.query(describeStatement(table))).rows)
  }

  close(): Promise<void> {
    return this.#share.release()
  }

  async #run(work: Work, bounds: Bounds): Promise<ResultSet> {
    try {
      return await this.#share.value.submit(work, bounds)
    } catch (error) {
      throw postgresFault(this.name, error, bounds)
    }
  }
}
