import { catalogTexts } from './catalogTexts.ts'
import { difference, readsFinality, valuesOnly } from './compare.ts'
import { type Engines, gatewayAt } from './gatewayOf.ts'
import { makeMoment } from './generate/moment.ts'
import { makeQuestion } from './generate/questions.ts'
import type { Moment, World } from './model.ts'
import { expectedAnswer } from './oracle/answer.ts'
import { publishings } from './publishing.ts'
import { ask, datasetOf, withTables } from './worlds.ts'

/** What publishing one further day changed besides flags, and how many worlds were looked at. */
export interface FlagsRun {
  readonly worlds: number
  /** Worlds in which some flag did change: a run in which none did would have shown nothing. */
  readonly changed: number
  readonly failures: readonly string[]
}

const ATTEMPTS = 40

/** Publishes a further day in each of many worlds, where both stores hold the same rows of it. */
export async function runFlags(seed: number, worlds: number, engines: Engines, prefix: string): Promise<FlagsRun> {
  const run = { worlds: 0, changed: 0, failures: [] as string[] }
  for (let index = 0; run.worlds < worlds; index++) {
    const { dataset, tables, random } = datasetOf(seed, index, prefix)
    await withTables(tables, dataset, engines, async () => {
      for (let attempt = 0; attempt < ATTEMPTS && run.worlds < worlds; attempt++) {
        const world = {
          dataset,
          moment: makeMoment(random.fork(), dataset),
          question: makeQuestion(random.fork(), dataset),
        }
        if (readsFinality(world.question)) continue
        const chosen = random.shuffled(publishings(world)).find(({ after }) => movesDays(world, after))
        if (chosen === undefined) continue
        const { after, day, process } = chosen
        const at = (moment: typeof after) =>
          ask([world.question], gatewayAt(catalogTexts(dataset, moment), dataset, moment, engines))
        const [[before], [then]] = await Promise.all([at(world.moment), at(after)])
        if (typeof before === 'string' && before === then) continue
        run.worlds++
        const what = changeOf(before, then)
        if (what !== undefined)
          run.failures.push(
            `seed ${seed}, dataset ${index}: publishing ${day} of ${process.name}: ${what}: ${JSON.stringify(world.question)}`,
          )
        else if (JSON.stringify(before) !== JSON.stringify(then)) run.changed++
      }
    })
  }
  return run
}

/** Whether the question reads some day from another store then. */
function movesDays(world: World, after: Moment): boolean {
  return expectedAnswer(world).finalDays !== expectedAnswer({ ...world, moment: after }).finalDays
}

type Outcome = Awaited<ReturnType<typeof ask>>[number] | undefined

/** A value, a row or its place that changed, or an answer that became none; undefined when only flags changed. */
function changeOf(before: Outcome, then: Outcome): string | undefined {
  if (before === undefined || then === undefined || typeof before === 'string' || typeof then === 'string') {
    return `${JSON.stringify(before)} became ${JSON.stringify(then)}`
  }
  return difference(valuesOnly(then), valuesOnly(before))
}
