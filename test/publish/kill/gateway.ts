import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const HOME = join(dirname(fileURLToPath(import.meta.url)), '../../..')

/** A process of ours that may be killed at any moment. */
export class Victim {
  readonly child: ChildProcess
  readonly gone: Promise<unknown>
  #said = ''

  constructor(args: readonly string[], environment: Readonly<Record<string, string>>) {
    const env = { PATH: process.env.PATH ?? '', ...environment }
    this.child = spawn(process.execPath, [join(HOME, 'src/main.ts'), ...args], { cwd: HOME, env })
    this.gone = once(this.child, 'close')
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (piece) => {
        this.#said += String(piece)
      })
  }

  get said(): string {
    return this.#said
  }

  /** As the kernel does it, with no word to anyone. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.gone
  }
}

/** A gateway in a process of its own. */
export class SpawnedGateway extends Victim {
  url = ''

  static async start(environment: Readonly<Record<string, string>>): Promise<SpawnedGateway> {
    const gateway = new SpawnedGateway(['serve', '--port', '0'], environment)
    while (gateway.url === '') {
      const piece = once(gateway.child.stdout ?? gateway.child, 'data').then(() => true)
      const isAlive = await Promise.race([piece, gateway.gone.then(() => false)])
      gateway.url = /answers at (http:\S+)/.exec(gateway.said)?.[1] ?? ''
      if (!isAlive) throw new Error(`the gateway ended before it listened: ${gateway.said}`)
    }
    return gateway
  }
}
