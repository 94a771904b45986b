import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { buildServer } from '../../src/api/server.ts'
import { type Composition, compose } from '../../src/compose.ts'
import { readConfig } from '../../src/config.ts'
import type { Store } from '../../src/stores/port.ts'
import { FERRY, NOW } from './ferry.ts'

const HOME = join(dirname(fileURLToPath(import.meta.url)), '../..')
/** The admin's, at both gateways. */
export const ADMIN_KEY = 'a-key-of-the-harbour'

/** What a gateway replied. */
export interface Told {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: ReturnType<typeof JSON.parse>
}

/** One gateway of several, asked without a socket. */
export class Replica {
  readonly app: FastifyInstance
  readonly composition: Composition
  /** What it wrote into its log of its catalog. */
  readonly log: readonly string[]

  private constructor(app: FastifyInstance, composition: Composition, log: readonly string[]) {
    this.app = app
    this.composition = composition
    this.log = log
  }

  static async open(variables: Readonly<Record<string, string>>): Promise<Replica> {
    const log: string[] = []
    const config = readConfig({ ONESERVICE_LOG: 'silent', ...variables }, HOME, HOME)
    const tell = (level: string, message: string): void => void log.push(`${level}: ${message}`)
    const composition = await compose(config, join(HOME, 'migrations'), tell)
    const app = await buildServer(composition.api, { version: '0.0.0', logLevel: 'silent' })
    await app.ready()
    return new Replica(app, composition, log)
  }

  get realtime(): Store {
    const store = this.composition.stores.get('realtime')
    if (store === undefined) throw new Error('the ferry has a real-time store')
    return store
  }

  /** Asks over REST; without a key as whoever is on loopback. */
  ask(question: unknown, key = ''): Promise<Told> {
    return this.send('POST', '/v1/query?shape=rows', question, key)
  }

  graphql(query: string, key = ''): Promise<Told> {
    return this.send('POST', '/graphql', { query }, key)
  }

  async send(method: 'GET' | 'POST' | 'DELETE', url: string, payload?: unknown, key = ADMIN_KEY): Promise<Told> {
    const response = await this.app.inject({
      method,
      url,
      headers: {
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
      },
      ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
    })
    const { statusCode: status, headers, body } = response
    return { status, headers, body: body === '' ? undefined : JSON.parse(body) }
  }

  /** Publishes a version of all days. */
  async publish(days: readonly string[], version: number): Promise<number> {
    const { status, body } = await this.send('POST', '/v1/publications', { source: 'ferry_day', days, version })
    if (status !== 200) throw new Error(JSON.stringify(body))
    return body.epoch
  }

  async close(): Promise<void> {
    await this.app.close()
    await this.composition.close()
  }
}

/** Two gateways over the same stores and one folder of the catalog. Their clocks stand three hours apart. */
export class Pair {
  readonly first: Replica
  readonly second: Replica
  readonly #folder: string

  private constructor(first: Replica, second: Replica, folder: string) {
    this.first = first
    this.second = second
    this.#folder = folder
  }

  static async open(postgres: string, environment: Readonly<Record<string, string>> = {}): Promise<Pair> {
    const folder = mkdtempSync(join(tmpdir(), 'oneservice-replicas-'))
    for (const { path, text } of FERRY) write(folder, path, text)
    const variables = {
      ONESERVICE_CATALOG: folder,
      ONESERVICE_STORE_OFFLINE: postgres,
      ONESERVICE_STORE_REALTIME: postgres,
      ONESERVICE_CONTROL_URL: postgres,
      ONESERVICE_ADMIN_KEY: ADMIN_KEY,
      ...environment,
    }
    const later = new Date(Date.parse(NOW) + 3 * 3_600_000).toISOString()
    // Both at once, as a rollout starts them: each finds or makes the schema of the control database.
    const [first, second] = await Promise.all([
      Replica.open({ ...variables, ONESERVICE_NOW: NOW }),
      Replica.open({ ...variables, ONESERVICE_NOW: later }),
    ])
    return new Pair(first, second, folder)
  }

  get both(): readonly [Replica, Replica] {
    return [this.first, this.second]
  }

  /** Edits a file of the catalog. */
  edit(path: string, text: string): void {
    write(this.#folder, path, text)
  }

  async close(): Promise<void> {
    await this.first.close()
    await this.second.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}
