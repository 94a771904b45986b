import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const HOME = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const MAIN = join(HOME, 'src', 'main.ts')

/** What a command said and how it ended. */
export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  /** Variables of the environment; nothing of ours is inherited. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly stdin?: string
}

/** Runs `oneservice <args>` for real, in a process of its own. */
export async function oneservice(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = start(args, options)
  child.stdin?.end(options.stdin ?? '')
  return finished(child)
}

/** A gateway that runs until it is stopped. */
export interface RunningGateway {
  readonly url: string
  readonly child: ChildProcess
  stop(signal?: NodeJS.Signals): Promise<Ran>
}

/** Starts `oneservice serve <args>` on a free port; resolves when it listens. */
export async function serveFor(args: readonly string[], options: RunOptions = {}): Promise<RunningGateway> {
  const child = start(['serve', '--port', '0', ...args], options)
  const end = finished(child)
  const url = await Promise.race([
    listening(child),
    end.then(({ stderr }) => {
      throw new Error(`The gateway ended: ${stderr}`)
    }),
  ])
  return {
    url,
    child,
    stop(signal = 'SIGTERM') {
      child.kill(signal)
      return end
    },
  }
}

function start(args: readonly string[], { env = {}, cwd = HOME }: RunOptions): ChildProcess {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(ONESERVICE_|PORT$|HOST$|NO_COLOR$|FORCE_COLOR$)/.test(name),
  )
  return spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...Object.fromEntries(own), ...env } })
}

async function finished(child: ChildProcess): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
  })
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
  })
  await once(child, 'close')
  return { code: child.exitCode, stdout, stderr }
}

async function listening(child: ChildProcess): Promise<string> {
  let said = ''
  const { promise, resolve } = Promise.withResolvers<string>()
  child.stdout?.on('data', (chunk: string) => {
    said += chunk
    const url = /answers at (http:\S+)/.exec(said)?.[1]
    if (url !== undefined) resolve(url)
  })
  return promise
}
