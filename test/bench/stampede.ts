import { answer, contextOf } from '../../src/gateway/answer.ts'
import { OPEN_CALLER } from '../../src/gateway/caller.ts'
import { prepare } from '../../src/gateway/prepare.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import type { Store } from '../../src/stores/port.ts'
import { composed } from '../support/composed.ts'
import { startPostgres } from '../support/servers.ts'
import type { Bench } from './bench.ts'
import { FILES, fillVisits, QUESTION } from './visits.ts'

const ASKED = 64

/** How many statements many identical questions at once come to. */
export const stampede: Bench = {
  name: 'stampede',
  says: `${ASKED} identical questions at once, none of them known`,
  async run(print) {
    const server = await startPostgres()
    const opened = await composed(FILES, server.url, { ONESERVICE_NOW: '2026-11-20T10:00:00Z' })
    await fillVisits(opened)
    let statements = 0
    const { gateway } = opened.composition
    const stores = [...gateway.stores].map(([name, store]): [string, Store] => {
      const query: Store['query'] = (statement, options) => {
        statements++
        return store.query(statement, options)
      }
      return [name, Object.assign(Object.create(store), { query }) as Store]
    })
    const counted = { ...gateway, stores: new Map(stores) }
    // Each is read for itself, as a request would be.
    const questions = Array.from({ length: ASKED }, () => readQuestion(QUESTION))
    const { physical } = prepare(readQuestion(QUESTION), contextOf(OPEN_CALLER, gateway))
    const slices = physical.aggregates.flatMap((aggregate) => aggregate.slices).length
    const answers = await Promise.all(questions.map((question) => answer(question, OPEN_CALLER, counted)))
    const collapsed = answers.filter(({ delivery }) => delivery.collapsed).length
    print(
      `  ${statements} statements for ${slices} slices; ${collapsed} of ${answers.length} waited for another's execution`,
    )
    await opened.close()
    await server.stop()
  },
}
