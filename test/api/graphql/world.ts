import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { buildServer } from '../../../src/api/server.ts'
import { type Composition, compose } from '../../../src/compose.ts'
import { readConfig } from '../../../src/config.ts'
import type { CallOptions, Statement, Store } from '../../../src/stores/port.ts'
import { startPostgres } from '../../support/servers.ts'
import { FILES, TABLES } from './business.ts'

const HOME = fileURLToPath(new URL('../../..', import.meta.url))

export const ADMIN_KEY = 'an-admin-key-of-the-test'

export interface Told {
  readonly status: number
  readonly text: string
  readonly type: string
  readonly body: Body
}

/** Answers are read as the JSON they are. */
export type Body = ReturnType<typeof JSON.parse>

type Failing = (statement: Statement, options: CallOptions | undefined) => unknown

/** A gateway over two PostgreSQL databases, asked through its HTTP server without a socket. */
export interface World {
  readonly app: FastifyInstance
  readonly composition: Composition
  /** Statements that went to the stores since the last `forget`. */
  readonly statements: readonly Statement[]
  forget(): void
  /** Asked before each statement; what it gives, the statement fails with. */
  fail: Failing | undefined
  graphql(query: string, variables?: object, operationName?: string): Promise<Told>
  rest(question: object): Promise<Told>
  send(body: unknown, headers?: Record<string, string>): Promise<Told>
  close(): Promise<void>
}

export async function openWorld(): Promise<World> {
  const server = await startPostgres()
  const folder = mkdtempSync(join(tmpdir(), 'oneservice-graphql-'))
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const config = readConfig(
    {
      ONESERVICE_CATALOG: folder,
      ONESERVICE_DATA_DIR: join(folder, 'data'),
      ONESERVICE_STORE_OFFLINE: server.url,
      ONESERVICE_STORE_REALTIME: server.url,
      ONESERVICE_CONTROL_URL: server.url,
      ONESERVICE_ADMIN_KEY: ADMIN_KEY,
      ONESERVICE_NOW: '2026-11-20T10:00:00+08:00',
      // Nothing is kept, so that what is asked of the stores shows.
      ONESERVICE_CACHE_MB: '0',
    },
    HOME,
    folder,
  )
  const composition = await compose(config, join(HOME, 'migrations'))
  await fill(composition)
  const state: { statements: Statement[]; fail: Failing | undefined } = { statements: [], fail: undefined }
  const stores = new Map([...composition.stores].map(([name, store]) => [name, watched(store, state)]))
  const gateway = { ...composition.gateway, stores }
  const app = await buildServer({ ...composition.api, gateway }, { version: '0', logLevel: 'silent' })
  const send: World['send'] = async (body, headers = {}) => {
    const payload = typeof body === 'string' ? body : JSON.stringify(body)
    const url = '/graphql'
    return toldOf(
      await app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json', ...headers } }),
    )
  }
  return {
    app,
    composition,
    get statements() {
      return state.statements
    },
    forget: () => void state.statements.splice(0),
    get fail() {
      return state.fail
    },
    set fail(how) {
      state.fail = how
    },
    graphql: (query, variables, operationName) => send({ query, variables, operationName }),
    rest: async (question) => toldOf(await app.inject({ method: 'POST', url: '/v1/query', payload: question })),
    send,
    async close() {
      await app.close()
      await composition.close()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function toldOf(response: { statusCode: number; body: string; headers: Record<string, unknown> }): Told {
  const { statusCode: status, body: text, headers } = response
  return { status, text, type: String(headers['content-type']), body: JSON.parse(text) }
}

function watched(store: Store, state: { statements: Statement[]; fail: Failing | undefined }): Store {
  return {
    name: store.name,
    engine: store.engine,
    dialect: store.dialect,
    query: async (statement, options) => {
      state.statements.push(statement)
      const failure = await state.fail?.(statement, options)
      if (failure !== undefined) throw failure
      return store.query(statement, options)
    },
    execute: (text) => store.execute(text),
    load: (table, columns, rows) => store.load(table, columns, rows),
    describe: (table) => store.describe(table),
    close: () => store.close(),
  }
}

async function fill({ stores, publications }: Composition): Promise<void> {
  const store = stores.get('offline')
  for (const { name, columns, rows } of TABLES) {
    await store?.execute(`create table ${name} (${columns.map((column) => column.join(' ')).join(', ')})`)
    await store?.load(
      name,
      columns.map(([column]) => column),
      rows,
    )
  }
  await publications.publish([{ source: 'ad_day', days: ['2026-11-17', '2026-11-18'], version: 1 }])
}
