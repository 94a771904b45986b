import type { Config } from '../config.ts'
import type { Catalogs } from '../control/catalogs.ts'
import type { Store } from '../stores/port.ts'

/** What happens behind a running gateway, told to whoever keeps its log. */
export type Tell = (level: 'warn' | 'info', message: string) => void

/** What is to be closed, the last opened first. */
export class Closers {
  readonly #closers: (() => Promise<void> | void)[] = []

  add(closer: () => Promise<void> | void): void {
    this.#closers.push(closer)
  }

  async close(): Promise<void> {
    for (const closer of this.#closers.splice(0).toReversed()) await closer()
  }
}

/** What is there before the gateway is put together. */
export interface Parts {
  readonly config: Config
  readonly catalogs: Catalogs
  readonly stores: Map<string, Store>
  readonly control: Store
  readonly closers: Closers
  readonly tell: Tell
}
