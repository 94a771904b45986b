import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { takeCollected } from '../collect.ts'
import type { MutationSuite } from '../suite.ts'

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../../merge')

/** The tests of the merge room by itself: laws of states, formulas, order. */
const suite: MutationSuite = {
  async open() {
    for (const file of readdirSync(FOLDER)) if (file.endsWith('.test.ts')) await import(join(FOLDER, file))
    return { cases: takeCollected(), close: async () => undefined }
  },
}

export default suite
