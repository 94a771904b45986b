import pg from 'pg'
import { type Bounds, within } from '../bounds.ts'
import type { CallOptions, Cell, ColumnDescription, ResultSet, Statement, Store } from '../port.ts'
import { cancelStatement } from './cancel.ts'
import { describeStatement, readDescription } from './describe.ts'
import { downFault, postgresFault } from './faults.ts'
import { loadStatements, typesStatement } from './load.ts'
import { limitStatements, rawText, SESSION } from './session.ts'

const MAX_CONNECTIONS = 10
const CONNECT_TIMEOUT_MS = 5000
const IDLE_TIMEOUT_MS = 60_000

/** A PostgreSQL server. Connects when first asked, so that a store that is down at the start may come up later. */
export function openPostgres(name: string, url: string): Store {
  return new PostgresStore(name, url)
}

class PostgresStore implements Store {
  readonly name: string
  readonly engine = 'postgres'
  readonly dialect = 'postgres'
  readonly #pool: pg.Pool

  constructor(name: string, url: string) {
    this.name = name
    this.#pool = new pg.Pool({
      connectionString: url,
      max: MAX_CONNECTIONS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      keepAlive: true,
      types: rawText,
      Client: ImpatientClient,
      onConnect: prepare,
    })
    // An idle connection was lost; the pool has dropped it and the next statement opens another.
    this.#pool.on('error', () => undefined)
  }

  query(statement: Statement, options?: CallOptions): Promise<ResultSet> {
    return within(this.name, options, (bounds) => this.#run(bounds, (client) => ask(client, statement)))
  }

  async execute(text: string): Promise<void> {
    await within(this.name, {}, (bounds) => this.#run(bounds, (client) => client.query(text)))
  }

  async load(table: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void> {
    await within(this.name, {}, (bounds) =>
      this.#run(bounds, async (client) => {
        const types = await ask(client, typesStatement(table))
        await client.query('BEGIN')
        for (const statement of loadStatements(table, columns, types.rows, rows)) await ask(client, statement)
        await client.query('COMMIT')
      }),
    )
  }

  async describe(table: string): Promise<readonly ColumnDescription[] | undefined> {
    return readDescription((await this.query(describeStatement(table))).rows)
  }

  async close(): Promise<void> {
    if (!this.#pool.ending) await this.#pool.end()
  }

  async #run<T>(bounds: Bounds, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#acquire(bounds)
    let over = false
    let spoilt = false
    bounds.onEnd(() => {
      spoilt = true
      void cancelStatement(client, () => over)
    })
    try {
      await limitStatements(client, bounds)
      bounds.check()
      return await work(client)
    } catch (error) {
      const fault = postgresFault(this.name, error, bounds)
      spoilt ||= fault.code === 'STORE_DOWN'
      throw fault
    } finally {
      over = true
      giveBack(client, spoilt)
    }
  }

  async #acquire(bounds: Bounds): Promise<pg.PoolClient> {
    const connecting = this.#pool.connect()
    try {
      return await bounds.race(connecting)
    } catch (error) {
      // The pool may still hand a connection to a call that has gone.
      connecting.then(
        (client) => client.release(),
        () => undefined,
      )
      throw bounds.ended === undefined ? downFault(this.name, error) : bounds.fault(bounds.ended, error)
    }
  }
}

/** The time for connecting alone: given to the pool, it would also end the wait for a connection that is in use. */
class ImpatientClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super({ ...config, connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  }
}

async function prepare(client: pg.ClientBase): Promise<void> {
  // A connection that is lost while in use rejects its statement; without a listener it would also end the process.
  client.on('error', () => undefined)
  await client.query(SESSION)
}

async function ask(client: pg.PoolClient, { text, params }: Statement): Promise<ResultSet> {
  const { fields, rows } = await client.query<Cell[]>({ text, values: [...params], rowMode: 'array' })
  return { columns: fields.map((field) => field.name), rows }
}

/**
 * A spoilt connection is not used again: it is lost, or its statement was cancelled and the request might arrive late
 * and end another's statement. Nor is one that was left inside a transaction.
 */
function giveBack(client: pg.PoolClient, spoilt: boolean): void {
  client.release(spoilt || client.getTransactionStatus() !== 'I')
}
