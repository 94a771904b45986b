import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { catalogJsonSchemas } from '../../src/catalog/jsonSchema.ts'
import { HOME, oneservice } from './run.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'oneservice-cli-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const BROKEN = `process: order
domain: trade
zone: Asia/Shangai
dimensions: [channel]
sources:
  - source: orders
    store: shop
    table: orders
    time: { column: at, grain: day }
    measures: { amount: amount }
metrics:
  - { metric: gmv, agg: sum, of: amonut }
`

describe('validate', () => {
  it('sums up a catalog that is fine', async () => {
    const { code, stdout } = await oneservice(['validate', '--catalog', HOME])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^The catalog is fine\. processes: \d+, .*catalogVersion [0-9a-f]{16}\n$/)
  })

  it('tells every fault with its place as seen from here, and exits with 1', async () => {
    mkdirSync(join(folder, 'broken', 'metrics'), { recursive: true })
    writeFileSync(join(folder, 'broken', 'metrics', 'order.yaml'), BROKEN)
    const { code, stdout, stderr } = await oneservice(['validate', '--catalog', 'broken'], { cwd: folder })
    expect([code, stderr]).toEqual([1, ''])
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^broken\/metrics\/order\.yaml:3:7 UNKNOWN_ZONE .*Did you mean "Asia\/Shanghai"/),
      expect.stringMatching(/^broken\/metrics\/order\.yaml:4:14 UNKNOWN_DIMENSION There is no dimension "channel"/),
      expect.stringMatching(/^broken\/metrics\/order\.yaml:12:34 UNKNOWN_MEASURE .*Did you mean "amount"\?/),
      '',
      '3 faults',
      '',
    ])
  })

  it('gives scripts the same as JSON', async () => {
    const { code, stdout } = await oneservice(['validate', '--catalog', join(folder, 'broken'), '--json'])
    const { ok, faults } = JSON.parse(stdout)
    expect([code, ok]).toEqual([1, false])
    expect(faults.map(({ line, code: of }: { line: number; code: string }) => [line, of])).toEqual([
      [3, 'UNKNOWN_ZONE'],
      [4, 'UNKNOWN_DIMENSION'],
      [12, 'UNKNOWN_MEASURE'],
    ])
  })

  it('finds nothing in a folder that is not there', async () => {
    const { code, stdout } = await oneservice(['validate', '--catalog', join(folder, 'nowhere')])
    expect(code).toBe(1)
    expect(stdout).toContain('EMPTY_CATALOG')
  })

  it('keeps a gateway from starting on a catalog with faults, before anything is opened', async () => {
    const env = { ONESERVICE_DATA_DIR: join(folder, 'data') }
    const { code, stdout, stderr } = await oneservice(['serve', '--catalog', join(folder, 'broken')], { env })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('metrics/order.yaml:3:7 UNKNOWN_ZONE')
  })

  it('writes the schemas of catalog files, in the form the formatter keeps', async () => {
    const target = join(folder, 'schema')
    expect((await oneservice(['validate', '--schema', target])).code).toBe(0)
    for (const [name, schema] of catalogJsonSchemas()) {
      const text = readFileSync(join(target, name), 'utf8')
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(schema)))
      expect(text.split('\n').every((line) => line.length <= 120 || /^ *"[^"]*": "/.test(line))).toBe(true)
    }
  })

  it('does not depend on where the catalog stands', async () => {
    cpSync(join(HOME, 'metrics'), join(folder, 'copy', 'metrics'), { recursive: true })
    cpSync(join(HOME, 'dimensions'), join(folder, 'copy', 'dimensions'), { recursive: true })
    const [here, there] = await Promise.all(
      [HOME, join(folder, 'copy')].map((catalog) => oneservice(['validate', '--catalog', catalog])),
    )
    expect(there?.stdout).toBe(here?.stdout)
  })
})
