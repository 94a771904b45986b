import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { readCaseFiles } from './answerCases.ts'
import { checkCase } from './checkCase.ts'
import { openSampleWorld, type SampleWorld } from './sampleWorld.ts'
import type { SetUp } from './setUps.ts'

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../answers')

/** Every question of test/answers on the sample business, behind the engines of a set-up. */
export function answerSuite(openSetUp: () => Promise<SetUp>): void {
  let world: SampleWorld
  beforeAll(async () => {
    world = await openSampleWorld(await openSetUp())
  })
  afterAll(() => world?.stop())
  for (const { file, cases } of readCaseFiles(FOLDER)) {
    describe(file, () => {
      for (const each of cases) it(each.case, () => checkCase(each, world.composition.gateway, world.truth))
    })
  }
}
