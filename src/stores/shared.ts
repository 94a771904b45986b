/** Something that several stores of this process may hold at once, and that the last one closes. */
interface Closable {
  close(): Promise<void>
}

interface Entry<T> {
  readonly opening: Promise<T>
  holders: number
}

/** One holder's share; `release` closes the thing itself when nobody else holds it. */
export interface Share<T> {
  readonly value: T
  release(): Promise<void>
}

/** Engines by what they are opened on. One that is being closed is waited for before it is opened again. */
export class SharedEngines<T extends Closable> {
  readonly #entries = new Map<string, Entry<T>>()
  readonly #closing = new Map<string, Promise<void>>()

  /** What is open now. */
  keys(): string[] {
    return [...this.#entries.keys()]
  }

  /** When nothing is being closed. */
  async settled(): Promise<void> {
    while (this.#closing.size > 0) await Promise.allSettled(this.#closing.values())
  }

  async acquire(key: string, open: () => Promise<T>): Promise<Share<T>> {
    await this.#closing.get(key)
    const entry = this.#entries.get(key) ?? { opening: open(), holders: 0 }
    this.#entries.set(key, entry)
    entry.holders++
    try {
      const value = await entry.opening
      return { value, release: once(() => this.#release(key, entry)) }
    } catch (error) {
      if (--entry.holders === 0) this.#entries.delete(key)
      throw error
    }
  }

  async #release(key: string, entry: Entry<T>): Promise<void> {
    if (--entry.holders > 0) return
    this.#entries.delete(key)
    const closing = entry.opening.then((engine) => engine.close()).finally(() => this.#closing.delete(key))
    this.#closing.set(key, closing)
    await closing
  }
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= action()
    return done
  }
}
