import { registerHooks } from 'node:module'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LEAKS } from './planted.ts'

/**
 * PLANTED=<name> node --import ./test/isolation/plant.ts test/isolation/run.ts
 *
 * Replaces text of src while it is loaded. Throws when a text does not stand in its file exactly once, and when the run
 * never loads a file: a leak that was not planted can not be missed.
 */
const root = fileURLToPath(new URL('../../', import.meta.url))
const name = process.env.PLANTED ?? ''
const leak = LEAKS.find((each) => each.name === name)
if (leak === undefined) throw new Error(`PLANTED=${name} is none of ${LEAKS.map((each) => each.name).join(', ')}`)
const waiting = new Set(leak.edits)

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

function replaceOnce(source: string, find: string, replace: string, file: string): string {
  const parts = source.split(find)
  if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} times what ${name} replaces: ${find}`)
  return parts.join(replace)
}
