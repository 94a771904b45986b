import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readAlgebraCases } from './answerCases.ts'
import { checkAnswer } from './checkAnswer.ts'
import { openWorld, type World } from './openWorld.ts'
import type { SetUpName } from './setUps.ts'

/** Every case of test/answers/algebra that makes sense in a set-up, asked there. */
export function algebraSuite(setUp: SetUpName): void {
  let world: World
  beforeAll(async () => {
    world = await openWorld(setUp)
  })
  afterAll(() => world?.stop())
  for (const { file, cases } of readAlgebraCases()) {
    describe(file, () => {
      for (const each of cases.filter(({ set_ups }) => set_ups.includes(setUp))) {
        it(each.case, async () => {
          const wrong = await checkAnswer(each, world)
          if (wrong.length > 0) expect.fail(wrong.join('\n'))
        })
      }
    })
  }
}
