import { openStore } from '../../src/stores/open.ts'
import { startPostgres } from '../support/servers.ts'
import type { Engines } from './gatewayOf.ts'

/** Opens one store of each engine for some work. A PostgreSQL server is started unless CROWN_POSTGRES names one. */
export async function withEngines<T>(work: (engines: Engines) => Promise<T>): Promise<T> {
  const url = process.env.CROWN_POSTGRES
  const server = url === undefined ? await startPostgres() : undefined
  const clickhouse = await openStore('clickhouse', 'chdb://memory')
  const postgres = await openStore('postgres', server?.url ?? url ?? '')
  try {
    return await work({ clickhouse, postgres })
  } finally {
    await Promise.all([clickhouse.close(), postgres.close()])
    await server?.stop()
  }
}
