import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Fault } from '../../base/faults.ts'
import { within } from '../bounds.ts'
import { folderOf, holdFolder } from '../folders.ts'
import type { CallOptions, Cell, ColumnDescription, ResultSet, Statement, Store } from '../port.ts'
import { type Share, SharedEngines } from '../shared.ts'
import { ChdbEngine } from './chdbEngine.ts'
import { type CompactAnswer, readCompact } from './compact.ts'
import { describeStatement, readDescription } from './describe.ts'
import { clickHouseFault, downFault } from './faults.ts'
import { LOAD_SETTINGS, settingList } from './settings.ts'
import { quoteName, quoteTable, quoteText, tsvStream } from './text.ts'

const engines = new SharedEngines<ChdbEngine>()

/** ClickHouse inside the process, kept in a folder (`chdb:///path`) or nowhere (`chdb://memory`). */
export async function openChdb(name: string, url: string): Promise<Store> {
  const folder = folderOf(url)
  await engines.settled()
  const other = engines.keys().find((key) => key !== folder)
  if (other !== undefined) throw secondFolder(name, folder, other)
  try {
    return new ChdbStore(name, await engines.acquire(folder, () => openEngine(folder)))
  } catch (error) {
    throw error instanceof Fault ? error : downFault(name, error)
  }
}

async function openEngine(folder: string): Promise<ChdbEngine> {
  const { Session } = await import('chdb').catch((error: unknown) => {
    throw notInstalled(error)
  })
  const held = await holdFolder(folder)
  try {
    return new ChdbEngine((path) => new Session(path), held.path, held.release)
  } catch (error) {
    held.release()
    throw error
  }
}

class ChdbStore implements Store {
  readonly name: string
  readonly engine = 'chdb'
  readonly dialect = 'clickhouse'
  readonly #share: Share<ChdbEngine>

  constructor(name: string, share: Share<ChdbEngine>) {
    this.name = name
    this.#share = share
  }

  async query({ text, params }: Statement, options?: CallOptions): Promise<ResultSet> {
    const answer = await this.#run(text, params, options)
    const parsed: CompactAnswer = answer === '' ? { data: [] } : JSON.parse(answer)
    return readCompact(parsed)
  }

  async execute(text: string): Promise<void> {
    await this.#run(text, [])
  }

  /** Through a file of our own, which the engine reads with all its threads: 1 M rows take a quarter of a second. */
  async load(table: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void> {
    if (rows.length === 0) return
    const types = new Map((await this.describe(table))?.map((column) => [column.name, column.type]))
    const structure = columns.map((column) => `${quoteName(column)} ${types.get(column) ?? 'String'}`).join(', ')
    const folder = await mkdtemp(join(tmpdir(), 'oneservice-load-'))
    try {
      const file = join(folder, 'rows.tsv')
      await pipeline(tsvStream(rows), createWriteStream(file))
      await this.execute(
        `INSERT INTO ${quoteTable(table)} (${columns.map(quoteName).join(', ')}) ` +
          `SELECT * FROM file(${quoteText(file)}, 'TSV', ${quoteText(structure)}) SETTINGS ${settingList(LOAD_SETTINGS)}`,
      )
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  async describe(table: string): Promise<readonly ColumnDescription[] | undefined> {
    return readDescription((await this.query(describeStatement(table))).rows)
  }

  close(): Promise<void> {
    return this.#share.release()
  }

  #run(text: string, params: Statement['params'], options?: CallOptions): Promise<string> {
    return within(this.name, options, async (bounds) => {
      try {
        return await this.#share.value.run(text, params, bounds)
      } catch (error) {
        throw clickHouseFault(this.name, error, bounds)
      }
    })
  }
}

function secondFolder(name: string, folder: string, other: string): Fault {
  return new Fault(
    'INVALID_CONFIG',
    `The store "${name}" names ${folder}, but chDB already runs on ${other}: one process has one chDB folder. ` +
      'Give both stores the same folder, or one of them a ClickHouse server (clickhouse://...)',
  )
}

function notInstalled(cause: unknown): Fault {
  const message =
    'A store URL names chDB, which is not installed: run `npm install chdb`, ' +
    'or name a ClickHouse server (clickhouse://...) instead'
  return new Fault('INVALID_CONFIG', message, { cause })
}
