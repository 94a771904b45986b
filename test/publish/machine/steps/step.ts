import type { Random } from '../../../support/random.ts'
import type { Life } from '../life.ts'
import type { WorldState } from '../state.ts'

/** Something that happens to the world. While it runs, what was before and what comes of it are both true. */
export interface Step {
  readonly name: string
  run(): Promise<WorldState>
}

/** Chooses a step of its kind; undefined when the world has no place for one now. */
export type StepMaker = (life: Life, random: Random) => Step | undefined

/** What may not happen, whoever reads. */
export class Misstep extends Error {}
