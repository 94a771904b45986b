import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { HOME } from './world.ts'

/** A gateway in a process of its own, with everything it has written. */
export interface Spawned {
  readonly url: string
  /** Standard output and error together. */
  readonly said: () => string
  /** Ends it as an operator would, and waits until it has gone. */
  stop(): Promise<void>
}

/** Starts `oneservice serve` and waits until it listens. */
export async function spawnGateway(environment: Readonly<Record<string, string>>): Promise<Spawned> {
  const env = { PATH: process.env.PATH ?? '', ...environment }
  const child = spawn(process.execPath, ['src/main.ts', 'serve', '--port', '0'], { cwd: HOME, env })
  let said = ''
  const listening = Promise.withResolvers<string>()
  const hear = (piece: Buffer): void => {
    said += String(piece)
    const url = /answers at (http:\S+)/.exec(said)?.[1]
    if (url !== undefined) listening.resolve(url)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const gone = once(child, 'close')
  gone.then(() => listening.reject(new Error(`the gateway ended before it listened: ${said}`)))
  return {
    url: await listening.promise,
    said: () => said,
    async stop() {
      child.kill('SIGTERM')
      await gone
    },
  }
}
