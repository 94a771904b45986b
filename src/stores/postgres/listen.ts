import pg from 'pg'
import { quoteName } from './names.ts'

const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 10_000

/** A connection that hears a channel until it is closed. */
export interface Listening {
  close(): Promise<void>
}

/**
 * Hears NOTIFY on `channel` over a connection of its own, and connects again, ever more slowly, when it is lost.
 * `onReconnect` is called whenever it listens after a gap, because what was said meanwhile is gone: read it anew.
 */
export function listen(
  url: string,
  channel: string,
  onNotify: (payload: string) => void,
  onReconnect: () => void,
): Listening {
  let closed = false
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let failures = 0
  let gap = false

  const retry = (): void => {
    if (closed || timer !== undefined) return
    gap = true
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures++)
    timer = setTimeout(() => {
      timer = undefined
      void start()
    }, pause)
  }

  const start = async (): Promise<void> => {
    const fresh = new pg.Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: 5000 })
    client = fresh
    fresh.on('error', () => undefined)
    fresh.on('end', () => {
      if (client === fresh) retry()
    })
    fresh.on('notification', (message) => onNotify(message.payload ?? ''))
    try {
      await fresh.connect()
      await fresh.query(`LISTEN ${quoteName(channel)}`)
      failures = 0
      if (gap && !closed) onReconnect()
    } catch {
      retry()
      await fresh.end().catch(() => undefined)
    }
  }

  void start()
  return {
    async close() {
      closed = true
      clearTimeout(timer)
      await client?.end().catch(() => undefined)
    },
  }
}
