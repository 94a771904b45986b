import { readAlgebraCases } from '../../algebra/answerCases.ts'
import { checkAnswer } from '../../algebra/checkAnswer.ts'
import { openWorld } from '../../algebra/openWorld.ts'
import type { SetUpName } from '../../algebra/setUps.ts'
import type { MutationSuite } from '../suite.ts'

/** Every case of test/answers/algebra that makes sense in a set-up, asked there. */
export function algebra(setUp: SetUpName): MutationSuite {
  return {
    async open() {
      const world = await openWorld(setUp)
      const cases = readAlgebraCases().flatMap(({ file, cases }) =>
        cases
          .filter(({ set_ups }) => set_ups.includes(setUp))
          .map((each) => ({
            name: `${setUp}, ${file}: ${each.case}`,
            async run() {
              const wrong = await checkAnswer(each, world)
              if (wrong.length > 0) throw new Error(wrong.join('\n'))
            },
          })),
      )
      return { cases, close: () => world.stop() }
    },
  }
}
