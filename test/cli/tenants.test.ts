import { describe, expect, it } from 'vitest'
import { compileCatalog } from '../../src/catalog/compile.ts'
import { tenantReports } from '../../src/cli/tenants.ts'
import { SHOP } from '../support/shopCatalog.ts'

const compiled = compileCatalog(SHOP)
if (!compiled.ok) throw new Error('the shop has faults')
const reports = tenantReports(compiled.catalog, (store) => (store === 'offline' ? 'clickhouse' : 'postgres'))

describe('what a tenant can be answered from', () => {
  it('is told of every source, with the condition in the words of its store', () => {
    const [advertiser] = reports.filter(({ dimension }) => dimension === 'advertiser')
    expect(advertiser?.sources.map(({ source }) => source)).toEqual([...compiled.catalog.sources.keys()])
    const conditions = new Map(advertiser?.sources.map(({ source, condition }) => [source, condition]))
    expect(conditions.get('click_day')).toBe('"advertiser_id" in ({p4:Int64})')
    expect(conditions.get('click_event')).toBe('"advertiser_id" in ($3::bigint)')
  })

  it('leaves out what lacks the dimension, and names what is hidden', () => {
    const [channel] = reports.filter(({ dimension }) => dimension === 'channel')
    const unread = channel?.sources.filter(({ condition }) => condition === null).map(({ source }) => source) ?? []
    expect(unread.length).toBeGreaterThan(0)
    const carried = unread.filter((name) => compiled.catalog.sources.get(name)?.dimensions.has('channel'))
    expect(carried).toEqual([])
    expect(channel?.hidden.metrics).toContain('gmv')
  })
})
