import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { lockFile } from './lock.ts'

/** The key of an engine that keeps nothing, shared by every store of the process that names it. */
export const MEMORY = 'memory'

/** A folder held for one engine, until `release`. */
export interface HeldFolder {
  readonly path: string
  release(): void
}

/** The absolute folder of `pglite://<path>` or `chdb://<path>`; MEMORY for `...://memory`. */
export function folderOf(url: string): string {
  const path = url.replace(/^[a-z]+:\/\//, '')
  return path === MEMORY ? MEMORY : resolve(path)
}

/**
 * Takes an embedded engine's folder for this process. A second process would be let in by the engine, and the two
 * would write over each other's data: faults with CONFLICT then. MEMORY is a folder that goes when it is released.
 */
export async function holdFolder(folder: string): Promise<HeldFolder> {
  if (folder === MEMORY) return temporaryFolder()
  await mkdir(dirname(folder), { recursive: true })
  const lock = lockFile(`${folder}.lock.json`, {}, folder)
  await mkdir(folder, { recursive: true })
  return { path: folder, release: lock.release }
}

function temporaryFolder(): HeldFolder {
  const path = mkdtempSync(join(tmpdir(), 'oneservice-store-'))
  const remove = (): void => rmSync(path, { recursive: true, force: true })
  process.once('exit', remove)
  return {
    path,
    release() {
      process.off('exit', remove)
      remove()
    },
  }
}
