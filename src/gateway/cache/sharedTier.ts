import type { Entry } from './entry.ts'

/** Where several replicas keep answers for each other. It may be away at any time: then nothing is read and nothing kept. */
export interface SharedTier {
  /** Entries by key, their age on this process's own clock. Never rejects. */
  read(keys: readonly string[]): Promise<ReadonlyMap<string, Entry>>
  /** Keeps an entry that is `spent` milliseconds old. Never throws, and nobody waits for it. */
  write(key: string, entry: Entry, spent: number): void
}
