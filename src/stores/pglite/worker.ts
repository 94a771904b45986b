/** Runs PGlite off the event loop's thread. Started by engine.ts, which sends one request at a time. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { PGlite as Database } from '@electric-sql/pglite'
import type { Cell, ResultSet } from '../port.ts'
import { NOTHING, type Reply, type Request, type WorkerStart, type WorkStatement } from './protocol.ts'

const SESSION = `SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'`

const BOOL = 16
/** int8 int2 int4 text oid json float4 float8 bpchar varchar date time timestamp timestamptz interval timetz numeric uuid jsonb */
const TEXT_TYPES = [20, 21, 23, 25, 26, 114, 700, 701, 1042, 1043, 1082, 1083, 1114, 1184, 1186, 1266, 1700, 2950, 3802]
const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const parsers = Object.fromEntries(TEXT_TYPES.map((oid) => [oid, (text: string) => text]))
const serializers = Object.fromEntries([BOOL, ...TEXT_TYPES].map((oid) => [oid, asText]))

async function serve(port: MessagePort, { folder }: WorkerStart): Promise<void> {
  const say = (reply: Reply): void => port.postMessage(reply)
  const library = await import('@electric-sql/pglite').catch((error: unknown) => {
    say({ kind: 'missing', message: String(error) })
  })
  if (library === undefined) return
  const database = await library.PGlite.create({ dataDir: folder, parsers, serializers })
  await database.exec(SESSION)
  port.on('message', (request: Request) => void answer(database, request).then(say))
  say({ kind: 'open' })
}

async function answer(database: Database, { id, work }: Request): Promise<Reply> {
  try {
    return { kind: 'rows', id, result: await perform(database, work) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
    return { kind: 'error', id, message: String(error), code }
  }
}

async function perform(database: Database, work: Request['work']): Promise<ResultSet> {
  switch (work.kind) {
    case 'script':
      await database.exec(work.text)
      return NOTHING
    case 'statements':
      return runAll(database, work.statements)
    case 'close':
      await database.close()
      return NOTHING
  }
}

async function runAll(database: Database, statements: readonly WorkStatement[]): Promise<ResultSet> {
  const [only, ...more] = statements
  if (only !== undefined && more.length === 0) return run(database, only)
  return database.transaction(async (transaction) => {
    for (const statement of statements) await run(transaction, statement)
    return NOTHING
  })
}

async function run(database: Pick<Database, 'query'>, { text, params }: WorkStatement): Promise<ResultSet> {
  const { fields, rows } = await database.query<Cell[]>(text, [...params], { rowMode: 'array' })
  return { columns: fields.map((field) => field.name), rows }
}

if (parentPort !== null) await serve(parentPort, workerData)
