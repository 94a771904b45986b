import type { ClientBase } from 'pg'
import type { Bounds } from '../bounds.ts'

/** What every connection starts with, whatever the server's or the role's own defaults are. */
export const SESSION = `SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'`

const BOOL_OID = 16

/** Leaves every cell the text the server sent; booleans become booleans. */
export const rawText = {
  getTypeParser(oid: number): (text: string) => string | boolean {
    return oid === BOOL_OID ? readBoolean : readText
  },
}

const readBoolean = (text: string): boolean => text === 't'
const readText = (text: string): string => text

/** The statement_timeout each connection was last given, in milliseconds; 0 is none. */
const given = new WeakMap<ClientBase, number>()

/**
 * Has the server itself stop the statements of this connection. The exact end comes from the driver's cancel request;
 * this one still holds when the gateway is gone or stuck. So it may be up to twice the time that is left, and is set
 * anew only when it no longer fits: the usual question pays no round trip for it.
 */
export async function limitStatements(client: ClientBase, bounds: Bounds): Promise<void> {
  const left = bounds.remaining()
  const needed = left === undefined ? 0 : Math.ceil(left / 1000) * 1000
  const current = given.get(client) ?? 0
  if (current === needed || (needed > 0 && current > needed && current <= 2 * needed)) return
  await client.query(`SET statement_timeout = ${needed}`)
  given.set(client, needed)
}
