import { describe, expect, it } from 'vitest'
import { draftProcess } from '../../src/cli/init/draft.ts'
import { type Guess, guess } from '../../src/cli/init/guess.ts'
import { takeName, validName } from '../../src/cli/init/names.ts'
import { processText } from '../../src/cli/init/yamlText.ts'
import type { DialectName } from '../../src/stores/port.ts'

const columns = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', ...type] = line.trim().split(' ')
      return { name, type: type.join(' '), nullable: true }
    })

function roles(text: string, dialect: DialectName = 'postgres', process = 'orders'): Record<string, string> {
  const guesses = guess(columns(text), dialect, process, undefined)
  return Object.fromEntries((guesses?.rest ?? []).map((each) => [each.column.name, said(each)]))
}

function said(each: Guess): string {
  switch (each.role) {
    case 'dimension':
      return `${each.type} dimension ${each.name}`
    case 'measure':
      return each.agg
    case 'key':
    case 'unused':
      return each.role
  }
}

const timeOf = (text: string, name?: string) => guess(columns(text), 'postgres', 'orders', name)?.time.name

describe('the time of a row', () => {
  it.each([
    ['updated_at timestamp with time zone\ncreated_at timestamp with time zone', 'created_at'],
    ['day date\noccurred_at timestamp without time zone', 'occurred_at'],
    ['deleted_at timestamp with time zone\nday date', 'day'],
    ['birthday date\nseen_at timestamp with time zone', 'seen_at'],
    ['expires timestamp with time zone', 'expires'],
  ])('of %j is %s', (text, name) => {
    expect(timeOf(text)).toBe(name)
  })

  it('is the one that was named, if it is a time', () => {
    const text = 'created_at timestamp with time zone\npaid_on date\nts bigint'
    expect(timeOf(text, 'paid_on')).toBe('paid_on')
    expect(timeOf(text, 'ts')).toBeUndefined()
  })

  it('is not invented', () => {
    expect(timeOf('id bigint\namount numeric(12,2)')).toBeUndefined()
  })
})

describe('what columns become', () => {
  it('in PostgreSQL', () => {
    expect(
      roles(`
        created_at timestamp with time zone
        id bigint
        order_id bigint
        user_id integer
        session_id uuid
        channel character varying(32)
        city text
        remark text
        customer_name text
        product_name text
        biography character varying(4000)
        paid boolean
        due date
        status smallint
        amount numeric(12,2)
        unit_price numeric(12,2)
        weight double precision
        latitude double precision
        tags text[]
        updated_at timestamp with time zone
      `),
    ).toEqual({
      id: 'key',
      order_id: 'key',
      user_id: 'integer dimension user',
      session_id: 'string dimension session',
      channel: 'string dimension channel',
      city: 'string dimension city',
      remark: 'unused',
      customer_name: 'unused',
      product_name: 'string dimension product_name',
      biography: 'unused',
      paid: 'boolean dimension paid',
      due: 'date dimension due',
      status: 'integer dimension status',
      amount: 'sum',
      unit_price: 'avg',
      weight: 'sum',
      latitude: 'unused',
      tags: 'unused',
      updated_at: 'unused',
    })
  })

  it('in ClickHouse', () => {
    const text = `
      ts DateTime64(3, 'UTC')
      UserID Nullable(UInt64)
      channel LowCardinality(Nullable(String))
      kind Enum8('a' = 1, 'b' = 2)
      ok Bool
      day Date32
      hits UInt32
      cost Decimal(18, 4)
      share Float64
      extra Map(String, String)`
    expect(roles(text, 'clickhouse', 'hits')).toEqual({
      UserID: 'integer dimension user',
      channel: 'string dimension channel',
      kind: 'string dimension kind',
      ok: 'boolean dimension ok',
      day: 'date dimension day',
      hits: 'sum',
      cost: 'sum',
      share: 'avg',
      extra: 'unused',
    })
  })
})

describe('names', () => {
  it.each([
    ['Order ID', 'order_id'],
    ['ShipCity', 'ship_city'],
    ['a__b--c', 'a_b_c'],
    ['2nd_touch', 'n_2nd_touch'],
    ['Größe', 'gro_e'],
    ['城市', 'fallback'],
    ['_', 'fallback'],
    ['x'.repeat(100), 'x'.repeat(60)],
  ])('%s becomes %s', (text, name) => {
    expect(validName(text, 'fallback')).toBe(name)
  })

  it('are taken once, and never one that means something else', () => {
    const taken = new Set(['amount'])
    expect(['amount', 'amount', 'amount', 'time', 'gmv'].map((name) => takeName(name, 'orders', taken))).toEqual([
      'orders_amount',
      'orders_amount_2',
      'orders_amount_3',
      'orders_time',
      'gmv',
    ])
  })
})

describe('the text of a draft', () => {
  it('stays YAML whatever a table and its columns are called', () => {
    const odd = columns('day date').concat([
      { name: 'a: "b" # {c}\n- d', type: 'integer', nullable: true },
      { name: '"; drop', type: 'uuid', nullable: true },
      { name: 'null', type: 'text', nullable: true },
      { name: 'tags\n- x', type: 'text[]', nullable: true },
    ])
    const guesses = guess(odd, 'postgres', 'odd', undefined)
    if (guesses === undefined) throw new Error('no time')
    const request = { process: 'odd', store: 'shop', table: 'My "Table"\n#', domain: 'shop', zone: 'UTC' }
    const text = processText(draftProcess(request, guesses, undefined), 'postgres', undefined)
    expect(text).toContain('table: "My \\"Table\\"\\n#"')
    expect(text).toContain('a_b_c_d: "a: \\"b\\" # {c}\\n- d"')
    expect(text).toContain('drop: { sql: "\\"\\"\\"; drop\\"::text" }')
    expect(text).toContain('"null"')
    expect(text).toContain('#   tags?- x (text[])')
  })
})
