/** Something that is timed. */
export type Work = () => unknown

/** The middle of some figures; of an even number, the lower of the two. */
export function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor((figures.length - 1) / 2)] ?? Number.NaN
}

/**
 * Times several ways of doing one thing: in each round each way once, the first of them another every round, so that
 * whatever else the machine does falls on all of them. Median milliseconds by name.
 */
export async function interleaved<Name extends string>(
  ways: Readonly<Record<Name, Work>>,
  { warmUp, least, budget }: { readonly warmUp: number; readonly least: number; readonly budget: number },
): Promise<Record<Name, number>> {
  const names = Object.keys(ways) as Name[]
  const figures = new Map<Name, number[]>(names.map((name) => [name, []]))
  for (let round = 0; round < warmUp; round++) for (const name of names) await ways[name]()
  const end = performance.now() + budget
  for (let round = 0; round < least || performance.now() < end; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length]
      if (name !== undefined) figures.get(name)?.push(await timed(ways[name]))
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(figures.get(name) ?? [])])) as Record<Name, number>
}

/** Median microseconds of one piece of work, alone. */
export async function alone(work: Work, times = 60): Promise<number> {
  const figures: number[] = []
  for (let i = 0; i < times + 20; i++) {
    const took = await timed(work)
    if (i >= 20) figures.push(took)
  }
  return median(figures) * 1000
}

async function timed(work: Work): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
