import { openStore } from '../../src/stores/open.ts'
import { startPostgres } from '../support/servers.ts'
import { type House, openHouse } from './house.ts'

/** Opens a house for some work, on a database of its own. A server is started unless ISOLATION_POSTGRES names one. */
export async function withHouse<T>(work: (house: House) => Promise<T>): Promise<T> {
  const url = process.env.ISOLATION_POSTGRES
  const server = url === undefined ? await startPostgres() : undefined
  try {
    const house = await openHouse(await makeDatabase(url ?? server?.url ?? '', `isolation_${process.pid}`))
    try {
      return await work(house)
    } finally {
      await house.close()
    }
  } finally {
    await server?.stop()
  }
}

async function makeDatabase(url: string, name: string): Promise<string> {
  const store = await openStore('server', url)
  await store.execute(`create database ${name}`)
  await store.close()
  return Object.assign(new URL(url), { pathname: `/${name}` }).href
}
