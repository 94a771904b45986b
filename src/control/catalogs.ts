import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Catalog } from '../catalog/catalog.ts'
import { loadCatalog, yamlFilesIn } from './loadCatalog.ts'

export interface CatalogWatch {
  readonly everyMs: number
  /** Does what must be done before a changed catalog comes into force. Rejects to keep the old one. */
  readonly prepare: (next: Catalog) => Promise<void>
  /** Told once of each change that did not come into force, and why. */
  readonly onRefused: (error: unknown) => void
}

/**
 * The catalog in force. Its files are looked at again and again; when they have changed and then stood still for one
 * look, they are compiled, and a catalog without faults takes the place of the one before, whole. One with faults does
 * not: callers go on with the last good one.
 */
export class Catalogs {
  readonly #folder: string
  #current: Catalog
  /** What the files looked like when they were last compiled, and at the last look. */
  #compiled: string
  #seen: string
  /** What they looked like when they were last refused. */
  #refused: string | undefined
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> = Promise.resolve()

  private constructor(folder: string, first: Catalog, look: string) {
    this.#folder = folder
    this.#current = first
    this.#compiled = look
    this.#seen = look
  }

  /** Loads the first catalog. Faults as loadCatalog does. */
  static async open(folder: string): Promise<Catalogs> {
    const look = await lookAt(folder)
    return new Catalogs(folder, await loadCatalog(folder), look)
  }

  get current(): Catalog {
    return this.#current
  }

  /** Looks every so often until stop(). */
  watch(watch: CatalogWatch): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.#look(watch).finally(() => {
        if (this.#timer !== undefined) this.watch(watch)
      })
    }, watch.everyMs)
    this.#timer.unref()
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await this.#looking
  }

  async #look({ prepare, onRefused }: CatalogWatch): Promise<void> {
    const before = this.#seen
    try {
      this.#seen = await lookAt(this.#folder)
      if (this.#seen === this.#compiled || this.#seen !== before) return
      const look = this.#seen
      const next = await loadCatalog(this.#folder)
      if (next.version !== this.#current.version) await prepare(next)
      this.#current = next
      this.#compiled = look
    } catch (error) {
      this.#refuse(error, onRefused)
    }
  }

  /** What the files say is tried again at each look, for it may be the world around that was not ready; it is told once. */
  #refuse(error: unknown, onRefused: (error: unknown) => void): void {
    if (this.#refused === this.#seen) return
    this.#refused = this.#seen
    onRefused(error)
  }
}

/** Names, sizes and times of the catalog's files, as one text. */
async function lookAt(folder: string): Promise<string> {
  const files = await yamlFilesIn(folder)
  const looks = await Promise.all(
    files.map(async (file) => {
      const { mtimeMs, size, ino } = await stat(join(folder, file))
      return `${file} ${mtimeMs} ${size} ${ino}`
    }),
  )
  return looks.join('\n')
}
