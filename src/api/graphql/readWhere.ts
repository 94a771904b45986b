import type { DatePart, Grain } from '../../base/time.ts'
import {
  type Combinator,
  type Compared,
  combined,
  comparisons,
  type Filter,
  invalid,
  nothing,
  type Path,
  type Placed,
} from './placed.ts'
import type { Condition, PerInput, WhereInput } from './schema/argumentTypes.ts'
import type { RowField } from './schema/domainShape.ts'
import { type Group, memberField } from './schema/groups.ts'

type Keys = ReadonlyMap<string, RowField>

/** `where` as filters, all of which hold. Faults: INVALID_VALUE. */
export function readWhere(where: WhereInput, keys: Keys, place: Path): Placed[] {
  return membersOf(where, place).flatMap(([key, value, at]): Placed[] => {
    const field = keys.get(key)
    if (field?.kind === 'group') return readGroup(field.group, field.name, value, at)
    if (field !== undefined) return readCondition({ field: field.name }, value, at)
    if (key === 'per') return (value as readonly PerInput[]).flatMap((each, i) => readPer(each, keys, [...at, i]))
    const inside = (each: unknown, below: Path) => readWhere(each as WhereInput, keys, below)
    return combined(key as Combinator, value, at, inside)
  })
}

/** Conditions on the members of an object; links nest. */
function readGroup({ members }: Group, field: string, conditions: object, place: Path): Placed[] {
  return membersOf(conditions, place).flatMap(([key, value, at]): Placed[] => {
    const member = members.get(key)
    if (member === undefined) return []
    const path = memberField(field, member)
    return member.kind === 'group'
      ? readGroup(member.group, path, value, at)
      : readCondition({ field: path }, value, at)
  })
}

/** Conditions on a value; of times and dates also on buckets and parts. */
function readCondition(of: Compared, condition: object, place: Path): Placed[] {
  const { grain, part, ...operators } = condition as Condition & { readonly grain?: object; readonly part?: object }
  const looks = (name: 'grain' | 'part', by: object | null | undefined): Placed[] => {
    if (by === undefined) return []
    if (by === null) throw nothing([...place, name])
    return membersOf(by, [...place, name]).flatMap(([key, value, at]) =>
      comparisons({ ...of, ...(name === 'grain' ? { grain: key as Grain } : { part: key as DatePart }) }, value, at),
    )
  }
  return [...comparisons(of, operators, place), ...looks('grain', grain), ...looks('part', part)]
}

/** A metric that is compared for each value of a field. */
function readPer({ metric, per, modifiers, where, ...operators }: PerInput, keys: Keys, place: Path): Placed[] {
  if (Object.keys(operators).length === 0)
    throw invalid(place, `Say how ${metric} per ${per} compares, like {gt: 100}.`)
  const inside = where === undefined || where === null ? [] : readWhere(where, keys, [...place, 'where'])
  const filters: Filter[] = inside.map(({ filter }) => filter)
  const of: Compared = {
    metric,
    per,
    ...(modifiers === undefined || modifiers === null ? {} : { modifiers: [...modifiers] }),
    ...(filters.length === 0 ? {} : { filters }),
  }
  const inner = inside.map((placed, i) => ({ path: ['filters', i], placed }))
  return comparisons(of, operators, place).map((placed) => ({ ...placed, keys: place, inner }))
}

/** What is given in an object, with its place. Faults: INVALID_VALUE for an explicit null. */
function membersOf(of: object, place: Path): [string, object, Path][] {
  return Object.entries(of).flatMap(([key, value]: [string, unknown]): [string, object, Path][] => {
    const at = [...place, key]
    if (value === undefined) return []
    if (value === null) throw nothing(at)
    return [[key, value as object, at]]
  })
}
