import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './servers.ts'

/** A Redis (or Valkey) server of a test, on loopback and a port of its own; it keeps nothing on disk. */
export interface TestRedis {
  readonly url: string
  readonly port: number
  /** Ends it at once, as a crash would; what it held is gone. */
  kill(): Promise<void>
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>
  /** Stops it from answering without closing its connections, until `resume`. */
  pause(): void
  resume(): void
  stop(): Promise<void>
}

const NAMES = ['redis-server', 'valkey-server']
const run = promisify(execFile)

export async function startRedis(): Promise<TestRedis> {
  const program = await serverProgram()
  const folder = await mkdtemp(join(tmpdir(), 'oneservice-redis-'))
  const port = await freePort()
  const begin = () => launch(program, port, folder)
  let child = await begin()
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    async restart() {
      await kill()
      child = await begin()
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async stop() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function launch(program: string, port: number, folder: string): Promise<ChildProcess> {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
  const child = spawn(program, options, { stdio: ['ignore', 'pipe', 'ignore'] })
  let said = ''
  for await (const piece of child.stdout) {
    said += String(piece)
    if (said.includes('Ready to accept connections')) {
      child.stdout.resume()
      return child
    }
  }
  throw new Error(`${program} did not start: ${said.slice(-500)}`)
}

/** The server's program: installed already, else by apt where this runs as root, else told to be missing. */
async function serverProgram(): Promise<string> {
  const found = findProgram()
  if (found !== undefined) return found
  if (process.getuid?.() === 0 && findIn('apt-get') !== undefined) {
    await alone(async () => {
      if (findProgram() !== undefined) return
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
      const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', 'redis-server'], { env })
      // The list of packages may be older than the packages are.
      await install().catch(() => run('apt-get', ['update'], { env }).then(install))
    }).catch((error: unknown) => {
      throw new Error(`${MISSING} apt-get could not install it: ${String(error).slice(0, 500)}`)
    })
  }
  const installed = findProgram()
  if (installed !== undefined) return installed
  throw new Error(MISSING)
}

const MISSING =
  'These tests need redis-server or valkey-server on the PATH: `apt-get install redis-server`, `brew install redis`.'

function findProgram(): string | undefined {
  return NAMES.map(findIn).find((path) => path !== undefined)
}

function findIn(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin']
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

const LOCK = join(tmpdir(), 'oneservice-install-redis.lock')
const STALE_MS = 300_000

/** Test files run in processes of their own; one of them installs, the others wait. */
async function alone(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await mkdir(LOCK)
      break
    } catch {
      const age = await stat(LOCK).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      )
      if (age > STALE_MS) await rm(LOCK, { recursive: true, force: true })
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
  try {
    await work()
  } finally {
    await rm(LOCK, { recursive: true, force: true })
  }
}
