import { registerHooks } from 'node:module'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A fault to put into src, as texts of its files and what to put in their places. */
export interface Planted {
  readonly name: string
  readonly edits: readonly { readonly file: string; readonly find: string; readonly replace: string }[]
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Plants the one of these that PLANTED names: replaces text of src while it is loaded. Throws when a text does not stand
 * in its file exactly once, and when the run never loads a file: what was not planted can not be missed.
 */
export function plant(all: readonly Planted[]): void {
  const name = process.env.PLANTED ?? ''
  const planted = all.find((each) => each.name === name)
  if (planted === undefined) throw new Error(`PLANTED=${name} is none of ${all.map((each) => each.name).join(', ')}`)
  const waiting = new Set(planted.edits)

  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      if (!url.startsWith('file:') || loaded.source === undefined || loaded.source === null) return loaded
      const file = relative(root, fileURLToPath(url))
      const edits = [...waiting].filter((edit) => edit.file === file)
      if (edits.length === 0) return loaded
      let source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source)
      for (const edit of edits) {
        source = replaceOnce(source, edit.find, edit.replace, file)
        waiting.delete(edit)
      }
      return { ...loaded, source }
    },
  })

  process.on('exit', () => {
    if (waiting.size === 0) return
    console.error(`never loaded: ${[...waiting].map(({ file }) => file).join(', ')}`)
    process.exitCode = 3
  })
}

function replaceOnce(source: string, find: string, replace: string, file: string): string {
  const parts = source.split(find)
  if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} times what is to be replaced: ${find}`)
  return parts.join(replace)
}
