import { Fault } from '../../src/base/faults.ts'
import type { Publisher } from '../../src/control/port.ts'

/** A publisher that keeps what it is told, by the rules of the port. */
export interface MemoryPublisher extends Publisher {
  /** `source day` -> state and rows, in order. */
  readonly days: ReadonlyMap<string, { readonly state: 'staged' | 'published'; readonly rowCount: number | undefined }>
  /** Transactions that published something. */
  readonly published: readonly { readonly sources: number; readonly days: number }[]
}

export function memoryPublisher(): MemoryPublisher {
  const days = new Map<string, { state: 'staged' | 'published'; rowCount: number | undefined }>()
  const published: { sources: number; days: number }[] = []
  return {
    days,
    published,
    async stage(staged) {
      for (const { source, day, rowCount } of staged) {
        const key = `${source} ${day}`
        if (!days.has(key)) days.set(key, { state: 'staged', rowCount })
      }
    },
    async publish(request) {
      const keys = request.flatMap(({ source, days }) => days.map((day) => `${source} ${day}`))
      const missing = keys.find((key) => days.get(key)?.state !== 'staged')
      if (missing !== undefined) throw new Fault('NOTHING_STAGED', `nothing staged for ${missing}`)
      for (const key of keys) days.set(key, { state: 'published', rowCount: days.get(key)?.rowCount })
      published.push({ sources: request.length, days: keys.length })
    },
  }
}
