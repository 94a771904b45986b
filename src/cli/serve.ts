import { join } from 'node:path'
import { buildServer } from '../api/server.ts'
import { type Composition, compose } from '../compose.ts'
import type { Config } from '../config.ts'
import { keepGoing } from '../sample/live.ts'
import { prepareSample } from '../sample/seed.ts'
import type { CliContext } from './context.ts'
import { ProgressBar } from './progress.ts'

/** A running gateway. */
export interface Serving {
  readonly url: string
  readonly composition: Composition
  stop(): Promise<void>
}

/** Starts everything and listens; the sample business is prepared first, so that the first question finds its data. */
export async function serve(config: Config, context: CliContext): Promise<Serving> {
  const began = performance.now()
  const bar = new ProgressBar(context.stderr)
  bar.show(0, 'opening stores')
  const composition = await compose(config, join(context.home, 'migrations'))
  try {
    const live = config.sample ? await startSample(composition, bar) : undefined
    const server = await buildServer(composition.api, { version: context.version, logLevel: config.logLevel })
    const url = await server.listen({ host: config.host, port: config.port })
    composition.lock?.update({ url, key: composition.localKey })
    bar.done()
    context.stdout.write(greeting(url, config, composition, (performance.now() - began) / 1000))
    let stopping: Promise<void> | undefined
    const stop = (): Promise<void> => {
      stopping ??= (async () => {
        await live?.stop()
        await server.close()
        await composition.close()
      })()
      return stopping
    }
    return { url, composition, stop }
  } catch (error) {
    await composition.close()
    throw error
  }
}

async function startSample(composition: Composition, bar: ProgressBar): Promise<{ stop(): Promise<void> } | undefined> {
  const { stores, publications, clock, config } = composition
  const offline = stores.get('offline')
  const realtime = stores.get('realtime')
  if (offline === undefined || realtime === undefined) return undefined
  const context = {
    offline,
    realtime,
    publisher: publications,
    now: clock,
    progress: (done: number, text: string) => bar.show(done, text),
    onError: (error: unknown) => bar.say(`the sample business stumbled and goes on: ${String(error)}`),
  }
  await prepareSample(context)
  return config.now === undefined ? keepGoing(context) : undefined
}

function greeting(url: string, config: Config, { catalog, api }: Composition, seconds: number): string {
  const lines = [
    `OneService answers at ${url} (${catalog.metrics.size} metrics, catalog ${catalog.version}, ready in ${seconds.toFixed(1)} s)`,
    '',
    `  API         ${url}/docs`,
    `  GraphQL     ${url}/graphql`,
    `  catalog     ${config.catalogFolder}`,
    api.openReading
      ? '  reading     open on loopback; writing needs a key'
      : '  reading     needs a key: Authorization: Bearer ...',
    ...(config.now === undefined ? [] : ['  clock       stands still (ONESERVICE_NOW)']),
    '',
    'Try: click-through rate by channel over the last seven days',
    '',
    `  curl -s ${url}/v1/query -H 'content-type: application/json' \\`,
    `    -d '{"metrics":["ctr"],"dimensions":["channel"],"time":{"range":"last 7 days","grain":"day"}}'`,
    '',
  ]
  return `${lines.join('\n')}\n`
}
