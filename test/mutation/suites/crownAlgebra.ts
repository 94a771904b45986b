import { difference } from '../../crown/algebra/compare.ts'
import { ask, gatewayAt } from '../../crown/algebra/gateway.ts'
import { expectedAnswer } from '../../crown/algebra/oracle/answer.ts'
import { ENGINES } from '../../crown/algebra/tables.ts'
import { datasetOf } from '../../crown/algebra/worlds.ts'
import { openEngines } from '../../crown/engines.ts'
import { loadTables } from '../../crown/tables.ts'
import type { MutationCase, MutationSuite } from '../suite.ts'

const SEED = 1
const DATASETS = 25

/** Random worlds of the metric algebra, always the same, each asked by itself. */
const suite: MutationSuite = {
  async open() {
    const { engines, close } = await openEngines()
    const cases: MutationCase[] = []
    for (let index = 0; index < DATASETS; index++) {
      const { dataset, tables, turns } = datasetOf(SEED, index, `mutation_${index}_`)
      for (const [store, table] of tables) await loadTables(engines[ENGINES[store]], [table])
      for (const [turn, worlds] of turns.entries()) {
        const [{ moment, catalog }] = worlds
        const gateway = gatewayAt(dataset, moment, catalog, engines)
        for (const [i, world] of worlds.entries()) {
          const { table: wanted, tolerances, isOpen } = expectedAnswer(world)
          if (isOpen) continue
          const run = async () => {
            const [got = 'nothing'] = await ask([world.question], gateway)
            const wrong =
              typeof got === 'string' || typeof wanted === 'string'
                ? got !== wanted && String(got)
                : difference(got, wanted, tolerances)
            if (wrong) throw new Error(wrong)
          }
          cases.push({ name: `world ${index}.${turn}.${i}`, run })
        }
      }
    }
    return { cases, close }
  },
}

export default suite
