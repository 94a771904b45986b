import type { Outcome } from './mutant.ts'
import type { MutationCase, OpenSuite } from './suite.ts'
import { activate, loops, takeReached } from './switch.ts'

/** Loops of a mutant may go round this often as often as they do without, and so many times more. */
const MOST_TIMES = 20
const MORE_TICKS = 2_000_000
/** Cases that killed a mutant last are asked first about the next: it is a neighbour. */
const MOST_KILLERS = 6

interface Measured {
  readonly run: MutationCase
  readonly ticks: number
  readonly reached: readonly number[]
}

export interface Verdict {
  readonly outcome: Outcome
  readonly by: string | undefined
  readonly isSpoilt: boolean
}

/** Runs cases against mutants, one mutant at a time. */
export class Judge {
  readonly broken: string[] = []
  duration = 0
  longest = 0
  readonly #suite: OpenSuite
  readonly #measured: Measured[] = []
  /** Mutant -> the cases that reach it, those that reach the fewest first. */
  readonly #reaching = new Map<number, Measured[]>()
  #killers: readonly Measured[] = []
  readonly #beat: () => void

  constructor(suite: OpenSuite, beat: () => void) {
    this.#suite = suite
    this.#beat = beat
  }

  /**
   * Runs every case twice without a mutant. The first run warms up, and is no measure of what is reached: what runs only
   * once in a process is not run again for a mutant.
   */
  async measure(): Promise<void> {
    const sound: MutationCase[] = []
    for (const each of this.#suite.cases) {
      const fault = await this.#failure(each, 0)
      if (fault === undefined) sound.push(each)
      else this.broken.push(`${each.name}: ${fault}`)
    }
    for (const run of sound) {
      takeReached()
      const started = performance.now()
      const fault = await this.#failure(run, 0)
      const duration = performance.now() - started
      if (fault !== undefined) this.broken.push(`${run.name}, at its second run: ${fault}`)
      else this.#measured.push({ run, ticks: loops().ticks, reached: takeReached() })
      this.duration += duration
      this.longest = Math.max(this.longest, duration)
    }
    const narrowFirst = this.#measured.toSorted((a, b) => a.reached.length - b.reached.length)
    for (const each of narrowFirst) {
      for (const id of each.reached) this.#reaching.set(id, [...(this.#reaching.get(id) ?? []), each])
    }
  }

  get cases(): number {
    return this.#measured.length
  }

  /** Runs the cases that reach a mutant until one fails. */
  async judge(id: number): Promise<Verdict> {
    const reaching = this.#reaching.get(id) ?? []
    if (reaching.length === 0) return { outcome: 'not covered', by: undefined, isSpoilt: false }
    const known = this.#killers.filter((each) => reaching.includes(each))
    for (const each of new Set([...known, ...reaching])) {
      const fault = await this.#failure(each.run, id, each.ticks * MOST_TIMES + MORE_TICKS)
      if (fault === undefined) continue
      const outcome = loops().isEndless ? 'timeout' : 'killed'
      this.#killers = [each, ...this.#killers.filter((other) => other !== each)].slice(0, MOST_KILLERS)
      return { outcome, by: each.run.name, isSpoilt: (await this.#failure(each.run, 0)) !== undefined }
    }
    return { outcome: 'survived', by: undefined, isSpoilt: false }
  }

  /** The cases that fail now without a mutant; there should be none. */
  async failing(): Promise<string[]> {
    const failed: string[] = []
    for (const { run } of this.#measured) {
      const fault = await this.#failure(run, 0)
      if (fault !== undefined) failed.push(`${run.name}: ${fault}`)
    }
    return failed
  }

  async #failure({ run }: MutationCase, id: number, mostTicks?: number): Promise<string | undefined> {
    activate(id, mostTicks)
    try {
      await run()
      return undefined
    } catch (error) {
      return String(error).split('\n', 1)[0] ?? ''
    } finally {
      this.#beat()
    }
  }
}
