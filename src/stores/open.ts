import { Fault } from '../base/faults.ts'
import { openChdb } from './clickhouse/chdbDriver.ts'
import { openClickHouse } from './clickhouse/driver.ts'
import { openPglite } from './pglite/driver.ts'
import type { DialectName, Store } from './port.ts'
import { openPostgres } from './postgres/driver.ts'

/**
 * Opens the store that `url` names. A server is not asked anything yet; an embedded engine is started, and stores
 * that name the same folder share one. Faults with CONFLICT when another process holds the folder, with
 * INVALID_CONFIG when the engine is not installed or the scheme is not known, with STORE_DOWN when it does not start.
 */
export async function openStore(name: string, url: string): Promise<Store> {
  switch (schemeOf(url)) {
    case 'postgres':
    case 'postgresql':
      return openPostgres(name, url)
    case 'pglite':
      return openPglite(name, url)
    case 'clickhouse':
    case 'http':
    case 'https':
      return openClickHouse(name, url)
    case 'chdb':
      return openChdb(name, url)
    default:
      // The URL itself may hold a password.
      throw new Fault('INVALID_CONFIG', `The store "${name}" has a URL of an unknown scheme`)
  }
}

/** The SQL that the engine of a URL speaks. */
export function dialectOfUrl(url: string): DialectName {
  return ['postgres', 'postgresql', 'pglite'].includes(schemeOf(url)) ? 'postgres' : 'clickhouse'
}

function schemeOf(url: string): string {
  return url.slice(0, Math.max(0, url.indexOf(':')))
}
