import { composed } from '../support/composed.ts'
import { startPostgres } from '../support/servers.ts'
import { fillViews, VIEWS_NOW, viewsCatalog } from '../support/views.ts'
import type { Bench } from './bench.ts'
import { approximateCounts, exactCounts, percentiles, SEEDS, type StatesBench } from './statesParts.ts'

const ROWS = 10_000_000
const PEOPLE = 3_000_000

export const states: Bench = {
  name: 'states',
  says: 'distinct counts and percentiles over a month in two stores, against SQL over all rows in one table',
  async run(print, miss) {
    const server = await startPostgres()
    const views = await composed(viewsCatalog(SEEDS), server.url, {
      ONESERVICE_NOW: VIEWS_NOW,
      ONESERVICE_CACHE_MB: '0',
      ONESERVICE_DEADLINE_MS: '120000',
    })
    try {
      await fillViews(views.composition, views, { rows: ROWS, people: PEOPLE })
      print(
        `  ${ROWS.toLocaleString('en')} views: 28 days from chDB, 2 from PostgreSQL; what a question took and read of both`,
      )
      const bench: StatesBench = { gateway: views.composition.gateway, offline: views.offline, print, miss }
      await exactCounts(bench)
      await approximateCounts(bench)
      await percentiles(bench)
    } finally {
      await views.close()
      await server.stop()
    }
  },
}
