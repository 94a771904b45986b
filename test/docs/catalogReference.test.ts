import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { catalogReference } from './catalogReference.ts'
import { EXAMPLES } from './examples.ts'
import { HOME } from './referenceWorld.ts'

/** Filling the sample takes a while on a machine that does other things too. */
const TIMEOUT = 400_000

it('docs/catalog-reference.md is what `npm run reference` writes', { timeout: TIMEOUT }, async () => {
  const written = readFileSync(join(HOME, 'docs/catalog-reference.md'), 'utf8')
  expect(await catalogReference()).toBe(written)
})

it('the reference shows every metric type in both engines', () => {
  const written = readFileSync(join(HOME, 'docs/catalog-reference.md'), 'utf8')
  for (const { title } of EXAMPLES) {
    const [, section = ''] = written.split(`\n### ${title}\n`)
    const [own = ''] = section.split('\n### ')
    expect(own, title).toContain('ClickHouse, `')
    expect(own, title).toContain('PostgreSQL, `')
  }
})
