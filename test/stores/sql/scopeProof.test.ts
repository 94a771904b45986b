import { describe, expect, it } from 'vitest'
import { compileCatalog } from '../../../src/catalog/compile.ts'
import type { QuestionInput } from '../../../src/query/question.ts'
import type { ScopePredicate } from '../../../src/query/resolved.ts'
import type { Slice } from '../../../src/route/physical.ts'
import type { DialectName, Statement } from '../../../src/stores/port.ts'
import { buildStatements } from '../../../src/stores/sql/build.ts'
import { proveScope } from '../../../src/stores/sql/scopeProof.ts'
import { SHOP } from '../../support/shopCatalog.ts'
import { routed } from '../../support/worldOf.ts'

const compiled = compileCatalog(SHOP)
if (!compiled.ok) throw new Error('the shop has faults')
const { catalog } = compiled

const scope = (...values: string[]): ScopePredicate[] => [{ dimension: 'advertiser', type: 'integer', values }]

/** Each statement of a question under a scope, in its store's dialect. The question names the scope's column too. */
function statements(of: ScopePredicate[]): { slice: Slice; statement: Statement }[] {
  const question: QuestionInput = {
    metrics: ['clicks', 'viewers'],
    time: { range: 'last 3 days and today', grain: 'day' },
    filters: [
      {
        or: [
          { field: 'advertiser', op: 'in', values: [1, 2] },
          { field: 'channel', op: 'isNull' },
        ],
      },
    ],
  }
  const days = ['2026-11-16..2026-11-18']
  const published = { click_day: days, click_detail: days }
  const physical = routed(question, { catalog, now: '2026-11-20T10:00:00+08:00', published, scope: of })
  const dialects: Record<string, DialectName> = { offline: 'clickhouse', realtime: 'postgres' }
  return physical.aggregates
    .flatMap(({ slices }) => slices)
    .flatMap((slice) => {
      const built = buildStatements(slice, catalog, dialects[slice.source.store] ?? 'postgres')
      return built.map(({ statement }) => ({ slice, statement }))
    })
}

describe('the proof of a scope', () => {
  it('is there for every statement in both dialects, with the values bound', () => {
    const all = statements(scope('1', '7'))
    expect(new Set(all.map(({ statement }) => statement.dialect))).toEqual(new Set(['clickhouse', 'postgres']))
    for (const { slice, statement } of all) {
      const [proof] = proveScope(statement, slice)
      expect(proof).toMatchObject({ dimension: 'advertiser', values: ['1', '7'] })
      expect(proof?.condition).toMatch(/^"advertiser_id" in \(.*\)$/)
    }
  })

  it('of no values is that nothing is read', () => {
    for (const { slice, statement } of statements(scope())) {
      expect(proveScope(statement, slice)).toEqual([{ dimension: 'advertiser', condition: '1 = 0', values: [] }])
    }
  })

  it("fails where the predicate is gone, is an alternative, or binds other values; the question's own filter is none", () => {
    for (const { slice, statement } of statements(scope('1'))) {
      const changed = (text: string, params = statement.params): Statement => ({ ...statement, text, params })
      const gone = statement.text.replace(/ and \/\* scope \*\/ [^)]*\)/, '')
      expect(gone).not.toBe(statement.text)
      expect(gone).toContain('"advertiser_id" in (')
      const other = statement.params.map((value) => (value === '1' ? '2' : value))
      for (const bad of [
        changed(gone),
        changed(statement.text.replace(' and /* scope */', ' or /* scope */')),
        changed(statement.text, other),
      ]) {
        expect(() => proveScope(bad, slice)).toThrow("lacks the caller's scope of advertiser")
      }
    }
  })
})
