import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, stringify } from 'yaml'
import type { CatalogText } from '../../src/catalog/position.ts'
import { isSplit, type SetUpName } from './setUps.ts'
import { SINCE } from './worldTables.ts'

const WORLD = join(dirname(fileURLToPath(import.meta.url)), 'world')

type Node = Record<string, unknown>

/**
 * The catalog of the test business in a set-up. The files under world/ are catalog files in which a store is written
 * `any` (every store of the set-up) or `one` (the first of them), and in which a source may say `published: true` (by
 * day, in every set-up), `batchOnly: true` (no stream stands beside it) and `stream: {...}` (what its stream has instead).
 */
export function catalogOf(setUp: SetUpName): CatalogText[] {
  return ['metrics', 'dimensions'].flatMap((folder) =>
    readdirSync(join(WORLD, folder))
      .toSorted()
      .map((name) => {
        const file = parse(readFileSync(join(WORLD, folder, name), 'utf8')) as Node
        return { path: `${folder}/${name}`, text: stringify(fileOf(file, setUp)) }
      }),
  )
}

function storesOf(setUp: SetUpName): readonly [string, ...string[]] {
  if (isSplit(setUp)) return ['realtime', 'offline']
  return setUp === 'postgres' ? ['realtime'] : ['offline']
}

function fileOf(file: Node, setUp: SetUpName): Node {
  const [first, ...others] = storesOf(setUp)
  const given = { ...file }
  if (isNode(given.table)) {
    const table = given.table
    given.table = { ...table, store: first }
    if (table.store === 'any' && others.length > 0) given.copies = others.map((store) => ({ ...table, store }))
  }
  if (Array.isArray(given.sources)) given.sources = given.sources.flatMap((source) => sourcesOf(source, setUp))
  if (Array.isArray(given.relations)) {
    given.relations = given.relations.map((relation: { tables: Node[] }) => ({
      ...relation,
      tables: relation.tables.flatMap((table) => [first, ...others].map((store) => ({ ...table, store }))),
    }))
  }
  return given
}

/** A source as written, as the batch and the stream it becomes in a set-up. */
function sourcesOf(template: Node, setUp: SetUpName): Node[] {
  const { published, batchOnly, stream: ofStream, ...source } = template
  const name = String(source.source)
  const split = isSplit(setUp)
  const [store] = storesOf(setUp)
  if (!split && published !== true) return [{ ...source, store, kind: 'batch' }]
  const batch = {
    ...source,
    source: `${name}_batch`,
    store: split ? 'offline' : store,
    table: `${source.table}_batch`,
    complete: 'published',
    version: 'pv',
    since: SINCE[name],
  }
  const stream = {
    ...source,
    source: `${name}_stream`,
    kind: 'stream',
    ...(published === true ? { retention: '3 days' } : {}),
    store: split ? 'realtime' : store,
    ...(isNode(ofStream) ? ofStream : {}),
  }
  return batchOnly === true ? [batch] : [batch, stream]
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
