import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readCaseFiles } from '../../support/answerCases.ts'
import { checkCase } from '../../support/checkCase.ts'
import { openSampleWorld } from '../../support/sampleWorld.ts'
import { embedded } from '../../support/setUps.ts'
import type { MutationSuite } from '../suite.ts'

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../../answers')

/** Every question of test/answers on the sample business, behind the embedded engines. */
const suite: MutationSuite = {
  async open() {
    const world = await openSampleWorld(await embedded())
    const cases = readCaseFiles(FOLDER).flatMap(({ file, cases }) =>
      cases.map((each) => ({
        name: `${file}: ${each.case}`,
        run: () => checkCase(each, world.composition.gateway, world.truth),
      })),
    )
    return { cases, close: () => world.stop() }
  },
}

export default suite
