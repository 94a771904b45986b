import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPostgres, type TestServer } from '../support/servers.ts'
import { oneservice, type Ran, serveFor } from './run.ts'

let folder: string
let server: TestServer
let env: Record<string, string>

const run = (args: readonly string[], stdin?: string): Promise<Ran> =>
  oneservice(args, { env, cwd: folder, ...(stdin === undefined ? {} : { stdin }) })
const catalog = ['--catalog', 'catalog']
const read = (path: string): string => readFileSync(join(folder, 'catalog', path), 'utf8')

/** 30 orders an hour apart from 2026-11-18 22:00 in Shanghai: 2, 24 and 4 a day. */
const TABLES = `
  create table orders (id bigint primary key, user_id bigint not null, channel varchar(32), "城市" text, is_gift boolean,
    amount numeric(20,2), quantity integer, unit_price numeric(10,2), coupon uuid, note text, created_at timestamptz not null);
  insert into orders
    select i, i % 7, (array['feed', 'search', null])[i % 3 + 1], '上海', i % 5 = 0, i + 0.25, i % 4, 9.5,
      '6f1b6f36-0000-4000-8000-000000000000', 'hello', timestamptz '2026-11-18T22:00+08:00' + (i - 1) * interval '1 hour'
    from generate_series(1, 30) i;
  create schema sales;
  create table sales.refunds (id int, channel varchar(32), user_id text, amount numeric, rows int, day date);
  create table no_time (id int, amount numeric);`

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'oneservice-cli-'))
  server = await startPostgres()
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query(TABLES)
  await client.end()
  env = {
    ONESERVICE_STORE_SHOP: server.url,
    ONESERVICE_CONTROL_URL: server.url,
    ONESERVICE_DATA_DIR: join(folder, 'data'),
    ONESERVICE_NOW: '2026-11-20T10:00:00+08:00',
  }
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

// One story: each step stands on the files of the step before.
describe('from a table of one own to a first answer', () => {
  it('refuses a table that is not there, and says what is near', async () => {
    const { code, stdout, stderr } = await run(['init', '--store', 'shop', '--table', 'ordrs'])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('no table "ordrs". Did you mean "orders"?')
    expect(existsSync(join(folder, 'catalog'))).toBe(false)
  })

  it('refuses a table without a time', async () => {
    const { code, stderr } = await run(['init', '--store', 'shop', '--table', 'no_time'])
    expect(code).toBe(1)
    expect(stderr).toContain('has no column of date or time')
  })

  it('drafts a catalog that is valid, and says how to go on', async () => {
    const { code, stdout, stderr } = await run([
      'init',
      '--store',
      'shop',
      '--table',
      'orders',
      '--zone',
      'Asia/Shanghai',
    ])
    expect([code, stderr]).toEqual([0, ''])
    expect(readdirSync(join(folder, 'catalog', 'dimensions')).toSorted()).toEqual([
      'channel.yaml',
      'coupon.yaml',
      'is_gift.yaml',
      'orders_column_4.yaml',
      'user.yaml',
    ])
    expect(stdout).toContain(
      'query --catalog catalog --metrics orders_count,amount,quantity --range 2026-11-14 2026-11-20 --grain day',
    )
    expect(read('dimensions/orders_column_4.yaml')).toContain('label: "城市"')
    expect((await run(['validate', ...catalog])).code).toBe(0)
  })

  it('answers the very question that init proposed', async () => {
    const { stdout } = await run(['init', '--store', 'shop', '--table', 'orders', '--zone', 'Asia/Shanghai', '--force'])
    const line = /oneservice -- (query .* --grain day)$/m.exec(stdout)?.[1] ?? ''
    const { code, stdout: answer } = await run([...line.split(' '), '--totals'])
    expect(code).toBe(0)
    expect(answer.split('\n').slice(0, 8)).toEqual([
      'time        orders_count  amount  quantity  finality',
      '──────────  ────────────  ──────  ────────  ────────',
      '2026-11-18             2    3.50         3  final',
      '2026-11-19            24  354.00        36  final',
      '2026-11-20             4  115.00         6  final',
      '──────────  ────────────  ──────  ────────  ────────',
      'total                 30  472.50        45  final',
      '',
    ])
  })

  it('overwrites nothing unasked', async () => {
    writeFileSync(join(folder, 'catalog', 'dimensions', 'user.yaml'), 'dimension: user\ntype: integer\nlabel: Buyer\n')
    const before = read('metrics/orders.yaml')
    const { code, stderr } = await run(['init', '--store', 'shop', '--table', 'orders', '--zone', 'UTC'])
    expect(code).toBe(1)
    expect(stderr).toContain('metrics/orders.yaml exists')
    expect(read('metrics/orders.yaml')).toBe(before)
    await run(['init', '--store', 'shop', '--table', 'orders', '--zone', 'Asia/Shanghai', '--force'])
    expect(read('metrics/orders.yaml')).toBe(before)
    expect(read('dimensions/user.yaml')).toContain('Buyer')
  })

  it('joins a second table: what is the same is reused, what clashes is renamed', async () => {
    const { code, stdout } = await run([
      'init',
      '--store',
      'shop',
      '--table',
      'sales.refunds',
      '--zone',
      'Asia/Shanghai',
    ])
    expect(code).toBe(0)
    expect(stdout).toContain('kept  the dimension "channel" as it is')
    const text = read('metrics/refunds.yaml')
    // user is an integer there; amount is a metric already; rows means something else in an answer.
    expect(text).toContain('dimensions: [channel, refunds_user]')
    for (const metric of ['refunds_count', 'refunds_amount', 'refunds_rows'])
      expect(text).toContain(`metric: ${metric}\n`)
    expect((await run(['validate', ...catalog])).code).toBe(0)
  })
})

describe('a question', () => {
  const flags = [
    ...['--metrics', 'orders_count,amount', '--dimensions', 'channel', '--range', '2026-11-19', '2026-11-20'],
    ...['--filter', 'is_gift = false', '--filter', 'channel in feed,search,null', '--having', 'amount gt 10.5'],
    ...['--order', 'amount:desc', '--limit', '2', '--totals'],
  ]
  const question = JSON.stringify({
    metrics: ['orders_count', 'amount'],
    dimensions: ['channel'],
    time: { range: ['2026-11-19', '2026-11-20'] },
    filters: [
      { field: 'is_gift', op: 'eq', values: [false] },
      { field: 'channel', op: 'in', values: ['feed', 'search', null] },
    ],
    having: [{ field: 'amount', op: 'gt', values: ['10.5'] }],
    order: [{ field: 'amount', direction: 'desc' }],
    limit: 2,
    totals: true,
  })

  it('by options, as JSON, from a file, by standard input and over a running gateway has one answer', async () => {
    writeFileSync(join(folder, 'question.json'), question)
    const forms = [flags, ['--question', question], ['--question', '@question.json'], ['--question', '-'], ['-']]
    const gateway = await serveFor(catalog, { env, cwd: folder })
    try {
      const local = await Promise.all(forms.map((form) => run(['query', ...catalog, ...form], question)))
      const away = { env: { ONESERVICE_URL: gateway.url } }
      const remote = await Promise.all(
        [flags, ['-']].map((form) => oneservice(['query', ...form], { ...away, stdin: question })),
      )
      const [first, ...others] = [...local, ...remote]
      expect(first?.code).toBe(0)
      expect(first?.stdout).toContain('2 rows, and there are more')
      for (const other of others) expect(other).toEqual(first)
    } finally {
      expect((await gateway.stop()).code).toBe(0)
    }
  })

  it('with --json prints what REST answers, digit for digit', async () => {
    const { stdout } = await run(['query', ...catalog, '--metrics', 'amount,orders_count', '--json'])
    expect(stdout).toMatch(/"rows":\[\{"amount":472\.5,"orders_count":30,"finality":"final"\}\]/)
    expect(Object.keys(JSON.parse(stdout))).toContain('receipt')
  })

  it('that is refused says where and what is near, the same on both ways, and exits with 1', async () => {
    const wrong = ['query', '--metrics', 'amonut', '--dimensions', 'chanel']
    const gateway = await serveFor(catalog, { env, cwd: folder })
    try {
      const local = await run([...wrong, ...catalog])
      const remote = await oneservice(wrong, { env: { ONESERVICE_URL: gateway.url } })
      expect(local).toEqual(remote)
      expect(local).toMatchObject({ code: 1, stdout: '' })
      expect(local.stderr).toMatch(/^error UNKNOWN_METRIC at \/metrics\/0: .*Did you mean "amount"/m)
      expect(local.stderr).toMatch(/^error UNKNOWN_DIMENSION at \/dimensions\/0: .*Did you mean "channel"/m)
    } finally {
      await gateway.stop()
    }
  })

  it('that is refused with --json prints the problem', async () => {
    const { code, stdout } = await run(['query', ...catalog, '--question', '{"metrics":[', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ code: 'MALFORMED_JSON', status: 400 })
  })

  it('explained shows plan, source map and the statement with its values', async () => {
    const args = [
      ...catalog,
      '--metrics',
      'amount',
      '--range',
      '2026-11-19',
      '--grain',
      'day',
      '--filter',
      'channel = feed',
    ]
    const { code, stdout } = await run(['explain', ...args])
    expect(code).toBe(0)
    expect(stdout).toMatch(/source map of orders \(Asia\/Shanghai\): amount/)
    expect(stdout).toMatch(/2026-11-19 +offline +orders +final/)
    expect(stdout).toMatch(/statement 1 orders in shop \(postgres\): amount\n {2}select /)
    expect(stdout).toMatch(/^ {4}\$\d = "feed"$/m)
    const { stdout: json } = await run(['explain', ...args, '--json'])
    expect(JSON.parse(json)).toMatchObject({ sourceMap: [{ process: 'orders' }] })
  })

  it('to a store that refuses it exits with 3, and who opened the store hears why', async () => {
    const text = read('metrics/refunds.yaml')
    writeFileSync(
      join(folder, 'catalog', 'metrics', 'refunds.yaml'),
      text.replace('refunds_rows: rows', 'refunds_rows: rowz'),
    )
    const { code, stderr } = await run(['query', ...catalog, '--metrics', 'refunds_rows'])
    writeFileSync(join(folder, 'catalog', 'metrics', 'refunds.yaml'), text)
    expect(code).toBe(3)
    expect(stderr).toContain('the store says: column "rowz" does not exist')
  })

  it('to a store that is down exits with 3', async () => {
    const down = { ...env, ONESERVICE_STORE_SHOP: 'postgres://127.0.0.1:1/none' }
    const { code, stderr } = await oneservice(['query', ...catalog, '--metrics', 'amount'], { env: down, cwd: folder })
    expect(code).toBe(3)
    expect(stderr).toContain('STORE_DOWN')
  })
})

describe('publish', () => {
  it('of a source that is always complete is refused with 1', async () => {
    const { code, stderr } = await run(['publish', ...catalog, '--source', 'orders', '--day', '2026-11-19'])
    expect(code).toBe(1)
    expect(stderr).toContain('only "complete: published" is published by day')
  })

  it('to a gateway with a wrong key, or none, is refused with 1', async () => {
    const gateway = await serveFor(catalog, { env, cwd: folder })
    const args = ['publish', '--source', 'orders', '--day', '2026-11-19']
    try {
      const none = await oneservice(args, { env: { ONESERVICE_URL: gateway.url } })
      const wrong = await oneservice(args, {
        env: { ONESERVICE_URL: gateway.url, ONESERVICE_ADMIN_KEY: 'not-the-key' },
      })
      expect([none.code, wrong.code]).toEqual([1, 1])
      expect(wrong.stderr).toContain('UNAUTHENTICATED')
    } finally {
      await gateway.stop()
    }
  })
})

describe('serve', () => {
  it('on a port in use exits with 1 before anything is made ready', async () => {
    const gateway = await serveFor(catalog, { env, cwd: folder })
    try {
      const port = new URL(gateway.url).port
      const { code, stdout, stderr } = await run(['serve', ...catalog, '--port', port])
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).toContain(`Port ${port} of 127.0.0.1 is in use`)
    } finally {
      await gateway.stop()
    }
  })

  it('ends cleanly on SIGINT as well', async () => {
    const gateway = await serveFor(catalog, { env, cwd: folder })
    expect((await gateway.stop('SIGINT')).code).toBe(0)
  })
})
