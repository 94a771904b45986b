import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { type Bounds, within } from '../bounds.ts'
import type { CallOptions, Cell, ColumnDescription, ResultSet, Statement, Store } from '../port.ts'
import { readCompact } from './compact.ts'
import { describeStatement, readDescription } from './describe.ts'
import { clickHouseFault } from './faults.ts'
import { executionSeconds, LOAD_SETTINGS, QUERY_SETTINGS } from './settings.ts'
import { quoteName, quoteTable, tsvStream } from './text.ts'

/** Beyond any deadline: the bounds of a call end it, not the socket. */
const SOCKET_TIMEOUT_MS = 3_600_000

/** Only a statement that reads may run read-only, and only a read-only one is ended when its connection closes. */
const READS = /^\s*(SELECT|WITH|\()/i
const ENDED_WITH_CONNECTION = { readonly: '2', cancel_http_readonly_queries_on_client_close: 1 } as const

/** A ClickHouse server over HTTP. Nothing is asked of it before the first statement. */
export function openClickHouse(name: string, url: string): Store {
  return new ClickHouseStore(name, httpUrl(url))
}

/** `clickhouse://` is HTTP on ClickHouse's own port; `?secure=true` is HTTPS on its own. */
export function httpUrl(url: string): URL {
  if (!url.startsWith('clickhouse:')) return new URL(url)
  const http = new URL(url.replace(/^clickhouse:/, 'http:'))
  const secure = ['1', 'true'].includes(http.searchParams.get('secure') ?? '')
  http.searchParams.delete('secure')
  if (http.port === '') http.port = secure ? '8443' : '8123'
  return secure ? new URL(http.href.replace(/^http:/, 'https:')) : http
}

class ClickHouseStore implements Store {
  readonly name: string
  readonly engine = 'clickhouse'
  readonly dialect = 'clickhouse'
  readonly #client: ReturnType<typeof createClient>

  constructor(name: string, url: URL) {
    this.name = name
    this.#client = createClient({
      url,
      request_timeout: SOCKET_TIMEOUT_MS,
      use_multipart_params_auto: true,
      // Its log would hold the statements' values; what matters is in the faults.
      log: { level: ClickHouseLogLevel.OFF },
      clickhouse_settings: QUERY_SETTINGS,
    })
  }

  query(statement: Statement, options?: CallOptions): Promise<ResultSet> {
    return this.#run(options, async (bounds, signal) => {
      const result = await this.#client.query({
        query: statement.text,
        format: 'JSONCompact',
        query_params: Object.fromEntries(statement.params.map((value, index) => [`p${index + 1}`, value])),
        clickhouse_settings: {
          max_execution_time: executionSeconds(bounds.remaining()),
          // The answer comes whole or as an error, never cut off by one.
          wait_end_of_query: 1,
          ...(READS.test(statement.text) ? ENDED_WITH_CONNECTION : {}),
        },
        abort_signal: signal,
      })
      // The client listens to the signal until the headers are there; the body is ours to end.
      bounds.onEnd(() => result.close())
      return readCompact(await result.json<Cell[]>())
    })
  }

  async execute(text: string): Promise<void> {
    await this.#run(undefined, () => this.#client.command({ query: text }))
  }

  async load(table: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void> {
    const [first, ...others] = columns.map(quoteName)
    if (first === undefined || rows.length === 0) return
    await this.#run(undefined, () =>
      this.#client.insert({
        table: quoteTable(table),
        columns: [first, ...others],
        values: tsvStream(rows),
        format: 'TabSeparated',
        clickhouse_settings: LOAD_SETTINGS,
      }),
    )
  }

  async describe(table: string): Promise<readonly ColumnDescription[] | undefined> {
    return readDescription((await this.query(describeStatement(table))).rows)
  }

  close(): Promise<void> {
    return this.#client.close()
  }

  #run<T>(options: CallOptions | undefined, work: (bounds: Bounds, signal: AbortSignal) => Promise<T>): Promise<T> {
    return within(this.name, options, async (bounds) => {
      const abort = new AbortController()
      bounds.onEnd(() => abort.abort())
      try {
        return await bounds.race(work(bounds, abort.signal))
      } catch (error) {
        throw clickHouseFault(this.name, error, bounds)
      }
    })
  }
}
