import { Random } from '../../support/random.ts'

/** One seed is always the same; the other is new every time, and WORLD_SEED brings it back. */
export const SEEDS: readonly (readonly [name: string, seed: number])[] = [
  ['fixed', 20_261_120],
  ['fresh', Number(process.env.WORLD_SEED ?? Math.floor(Math.random() * 2 ** 31))],
]

/** Writes down what happens in a world, for whoever has to understand its failure. */
export type Tell = (line: string) => void

/** What happens in one world. Throws when something is wrong. */
export type Play = (random: Random, tell: Tell) => Promise<void> | void

/** Plays so many worlds, each by a seed of its own. A failure names its seed and tells the last of its story. */
export async function inWorlds(seed: number, count: number, play: Play): Promise<void> {
  for (let world = seed; world < seed + count; world++) {
    const story: string[] = []
    try {
      await play(new Random(world), (line) => void story.push(line))
    } catch (error) {
      const told = [`WORLD_SEED=${world}`, ...story.slice(-40), String(error)].join('\n')
      throw new Error(told, { cause: error })
    }
  }
}

/** Throws unless something holds. */
export function must(holds: boolean, message: () => string): void {
  if (!holds) throw new Error(message())
}

/** Lets everything happen that waits for nothing but its turn. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** What nobody took care of while `work` ran. */
export async function unhandledIn(work: () => Promise<void>): Promise<unknown[]> {
  const strays: unknown[] = []
  const keep = (reason: unknown): void => void strays.push(reason)
  process.on('unhandledRejection', keep)
  try {
    await work()
    await settled()
  } finally {
    process.off('unhandledRejection', keep)
  }
  return strays
}
