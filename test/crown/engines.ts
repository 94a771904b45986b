import { openStore } from '../../src/stores/open.ts'
import { startPostgres } from '../support/servers.ts'
import type { Engines } from './gatewayOf.ts'

/** Opens one store of each engine. A PostgreSQL server is started unless CROWN_POSTGRES names one. */
export async function openEngines(): Promise<{ engines: Engines; close(): Promise<void> }> {
  const url = process.env.CROWN_POSTGRES
  const server = url === undefined ? await startPostgres() : undefined
  const clickhouse = await openStore('clickhouse', 'chdb://memory')
  const postgres = await openStore('postgres', server?.url ?? url ?? '')
  const close = async (): Promise<void> => {
    await Promise.all([clickhouse.close(), postgres.close()])
    await server?.stop()
  }
  return { engines: { clickhouse, postgres }, close }
}

/** Opens one store of each engine for some work. */
export async function withEngines<T>(work: (engines: Engines) => Promise<T>): Promise<T> {
  const { engines, close } = await openEngines()
  try {
    return await work(engines)
  } finally {
    await close()
  }
}
