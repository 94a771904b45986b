/** A loop of a mutant that went round far more often than it does without. */
export class EndlessLoop extends Error {}

const MOST_MUTANTS = 100_000

let active = 0
const reached = new Uint8Array(MOST_MUTANTS)
let ticks = 0
let mostTicks = Number.POSITIVE_INFINITY
let isEndless = false

/** What the changed files ask at every place, and in every loop. Must be there before one of them is loaded. */
Object.assign(globalThis, {
  $on(id: number): boolean {
    reached[id] = 1
    return id === active
  },
  $is(id: number): boolean {
    return id === active
  },
  /** Gives a condition on; the place is reached where it comes out as said. */
  $came(id: number, as: boolean, value: unknown): unknown {
    if (as === Boolean(value)) reached[id] = 1
    return value
  },
  $tick(): void {
    if (++ticks <= mostTicks) return
    isEndless = true
    throw new EndlessLoop('a loop goes round without an end')
  },
})

/** Starts a run: of a mutant, or with 0 of none, whose loops may go round so many times together. */
export function activate(id: number, most = Number.POSITIVE_INFINITY): void {
  active = id
  ticks = 0
  mostTicks = most
  isEndless = false
}

/** How often loops went round in this run, and whether that was too often. */
export function loops(): { readonly ticks: number; readonly isEndless: boolean } {
  return { ticks, isEndless }
}

/** Numbers of the places that were reached since the last call. */
export function takeReached(): readonly number[] {
  const ids: number[] = []
  for (let id = reached.indexOf(1); id >= 0; id = reached.indexOf(1, id + 1)) ids.push(id)
  reached.fill(0)
  return ids
}
