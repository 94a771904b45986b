import { join } from 'node:path'
import { buildServer } from '../api/server.ts'
import { type Composition, compose, isLoopback } from '../compose.ts'
import type { Config } from '../config.ts'
import { RUN } from './command.ts'
import type { CliContext } from './context.ts'
import { listenFault, requireFreePort } from './portProbe.ts'
import { ProgressBar } from './progress.ts'
import { fillSample, type Going } from './sample.ts'

/** A running gateway. */
export interface Serving {
  readonly url: string
  readonly composition: Composition
  stop(): Promise<void>
}

/** Starts everything and listens; the sample business is prepared first, so that the first question finds its data. */
export async function serve(config: Config, context: CliContext): Promise<Serving> {
  const began = performance.now()
  if (config.port !== 0) await requireFreePort(config.host, config.port)
  const bar = new ProgressBar(context.stderr)
  bar.show(0, 'opening stores')
  let composition: Composition | undefined
  let going: Going | undefined
  try {
    composition = await compose(config, join(context.home, 'migrations'), (_level, message) => bar.say(message))
    const keepGoing = config.sample ? await fillSample(composition, bar) : undefined
    going = config.now === undefined ? keepGoing?.() : undefined
    const server = await buildServer(composition.api, { version: context.version, logLevel: config.logLevel })
    const url = await server.listen({ host: config.host, port: config.port })
    composition.lock?.update({ url, key: composition.localKey, catalog: config.catalogFolder })
    bar.done()
    context.stdout.write(greeting(url, config, composition, (performance.now() - began) / 1000))
    return { url, composition, stop: stopOnce(composition, going, () => server.close()) }
  } catch (error) {
    bar.done()
    await going?.stop()
    await composition?.close()
    throw listenFault(error, config.host, config.port)
  }
}

function stopOnce(
  composition: Composition,
  going: Going | undefined,
  closeServer: () => Promise<void>,
): () => Promise<void> {
  let stopping: Promise<void> | undefined
  return () => {
    stopping ??= (async () => {
      await going?.stop()
      await closeServer()
      await composition.close()
    })()
    return stopping
  }
}

function greeting(url: string, config: Config, { catalog }: Composition, seconds: number): string {
  const lines = [
    `OneService answers at ${url} (${catalog.metrics.size} metrics, catalog ${catalog.version}, ready in ${seconds.toFixed(1)} s)`,
    '',
    `  API         ${url}/docs`,
    `  GraphQL     ${url}/graphql`,
    `  catalog     ${config.catalogFolder}`,
    whoMayRead(config),
    ...(config.now === undefined ? [] : ['  clock       stands still (ONESERVICE_NOW)']),
    '',
    ...(config.sample ? trySample(url) : [`Try: ${RUN} query --help`, '']),
  ]
  return `${lines.join('\n')}\n`
}

function trySample(url: string): string[] {
  return [
    'Try: click-through rate by channel over the last seven days',
    '',
    `  curl -s ${url}/v1/query -H 'content-type: application/json' \\`,
    `    -d '{"metrics":["ctr"],"dimensions":["channel"],"time":{"range":"last 7 days","grain":"day"}}'`,
    '',
    `  ${RUN} query --metrics ctr --dimensions channel --range "last 7 days" --grain day`,
    '',
  ]
}

function whoMayRead({ host, adminKey, tokens }: Config): string {
  const shown = tokens === undefined ? 'Authorization: Bearer <key>' : 'Authorization: Bearer <key or token>'
  if (isLoopback(host)) return '  reading     open on loopback; writing needs a key'
  const needs = `  reading     needs a key, as this listens beyond loopback: ${shown}`
  return adminKey === undefined ? `${needs}; set ONESERVICE_ADMIN_KEY to make the first ones` : needs
}
