import { type Combinator, combined, comparisons, invalid, nothing, type Path, type Placed } from './placed.ts'
import type { HavingInput } from './schema/argumentTypes.ts'

/** `having` as filters; `columnOf` gives the column that a name means, or throws. Faults: INVALID_VALUE. */
export function readHaving(
  having: readonly HavingInput[],
  columnOf: (name: string, place: Path) => string,
  place: Path,
): Placed[] {
  return having.flatMap((each, i) => readOne(each, columnOf, [...place, i]))
}

function readOne(having: HavingInput, columnOf: (name: string, place: Path) => string, place: Path): Placed[] {
  const { field, and, or, not, ...operators } = having
  const given = Object.keys(operators)
  const inside = (each: unknown, where: Path) => readOne(each as HavingInput, columnOf, where)
  const groups = Object.entries({ and, or, not }).flatMap(([key, value]) => {
    if (value === undefined) return []
    if (value === null) throw nothing([...place, key])
    return combined(key as Combinator, value, [...place, key], inside)
  })
  if (given.length === 0) return groups
  if (field === undefined || field === null) {
    throw invalid(place, `Say which metric: "field" is missing beside ${given.join(', ')}.`)
  }
  const column = columnOf(field, [...place, 'field'])
  return [...comparisons({ field: column }, operators, place), ...groups]
}
