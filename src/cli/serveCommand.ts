import { type Arguments, overridesOf } from './arguments.ts'
import type { Command } from './command.ts'
import { EXIT } from './context.ts'
import type { Serving } from './serve.ts'

const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const
/** Milliseconds: npm and a terminal may both pass one key press on; a second press comes later than that. */
const SAME_PRESS = 1000

/** `oneservice serve`: the gateway, until it is told to stop. */
export const serveCommand: Command = {
  name: 'serve',
  summary: 'Starts the gateway.',
  about: [
    'Without a catalog of your own the sample business is served. Options override the environment (PORT, HOST,',
    'ONESERVICE_CATALOG). Stops on SIGINT and SIGTERM, after the questions under way.',
  ],
  options: {
    port: { type: 'string', value: 'N', help: 'Where to listen; 0 takes any free port. Default 4000.' },
    host: { type: 'string', value: 'H', help: 'Default 127.0.0.1; anywhere else reading needs a key.' },
    catalog: { type: 'string', value: 'DIR', help: 'The folder holding metrics/ and dimensions/.' },
  },
  examples: [
    { line: 'serve', does: 'the sample business at http://127.0.0.1:4000' },
    { line: 'serve --port 8080 --catalog catalog', does: 'your own catalog' },
  ],
  async run(given, context) {
    const stopping = new Stopping()
    try {
      const { serve } = await import('./serve.ts')
      const serving = await serve(context.readConfig(serveOverrides(given)), context)
      stopping.attach(serving)
      await stopping.stopped
      return EXIT.ok
    } finally {
      stopping.detach()
    }
  },
}

function serveOverrides(given: Arguments): Record<string, string> {
  given.integer('port', 0, 65_535)
  return overridesOf(given, { port: 'PORT', host: 'HOST', catalog: 'ONESERVICE_CATALOG' })
}

/**
 *   starting ──signal──► exit at once (nothing is half done that the next start does not mend)
 *      │attach
 *   serving ──signal──► stopping ──► stopped
 *                          └──a later signal──► exit at once
 */
class Stopping {
  readonly stopped: Promise<void>
  #resolve: () => void = () => undefined
  #reject: (error: unknown) => void = () => undefined
  #serving: Serving | undefined
  #since: number | undefined
  readonly #onSignal = (signal: NodeJS.Signals): void => this.#hear(signal)

  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.stopped = promise
    this.#resolve = resolve
    this.#reject = reject
    for (const signal of Object.keys(SIGNALS)) process.on(signal, this.#onSignal)
  }

  attach(serving: Serving): void {
    this.#serving = serving
  }

  detach(): void {
    for (const signal of Object.keys(SIGNALS)) process.off(signal, this.#onSignal)
  }

  #hear(signal: NodeJS.Signals): void {
    const now = performance.now()
    if (this.#since !== undefined && now - this.#since < SAME_PRESS) return
    // Locks are released as the process exits.
    if (this.#serving === undefined || this.#since !== undefined) process.exit(128 + numberOf(signal))
    this.#since = now
    this.#serving.stop().then(this.#resolve, this.#reject)
  }
}

function numberOf(signal: NodeJS.Signals): number {
  return signal === 'SIGINT' ? SIGNALS.SIGINT : SIGNALS.SIGTERM
}
