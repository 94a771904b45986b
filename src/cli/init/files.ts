import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import type { CatalogText } from '../../catalog/position.ts'

/** Writes the files of a draft under a catalog folder. One that exists is replaced only where it is the one named. */
export function writeFiles(folder: string, files: readonly CatalogText[], replaced: string | undefined): void {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text, { flag: path === replaced ? 'w' : 'wx' })
  }
}

/** The path of a new file, `dimensions/channel.yaml`, or one near it where something else stands there. */
export function freePath(folder: string, part: string, name: string): string {
  for (let i = 1; ; i++) {
    const path = `${part}/${name}${i === 1 ? '' : `_${i}`}.yaml`
    if (!existsSync(join(folder, path))) return path
  }
}

/** Where an editor finds the schema of a kind of file; undefined when this installation has none. */
export function schemaPath(home: string, folder: string, part: string, kind: string): string | undefined {
  const schema = join(home, 'docs', 'schema', `${kind}.schema.json`)
  if (!existsSync(schema)) return undefined
  const inside = !relative(home, folder).startsWith('..')
  return inside ? relative(join(folder, part), schema).split(sep).join('/') : schema
}
