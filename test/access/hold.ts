import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'

const WAITING = "select count(*)::int as waiting from pg_stat_activity where wait_event_type = 'Lock'"

/** Holds a table so that whoever reads it waits; lets it go when somebody does, and gives what `work` came to. */
export async function holding<T>(url: string, table: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(`begin; lock table ${table}`)
    const working = work()
    while ((await client.query<{ waiting: number }>(WAITING)).rows[0]?.waiting === 0) await pause(5)
    // Whoever asked at the same moment has found the statement under way by now.
    await pause(50)
    await client.query('commit')
    return await working
  } finally {
    await client.end()
  }
}
