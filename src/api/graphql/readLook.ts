import { Fault, faultDetail, pointer } from '../../base/faults.ts'
import type { DatePart } from '../../base/time.ts'
import type { QuestionInput } from '../../query/question.ts'
import type { LookArguments } from './schema/argumentTypes.ts'

/** How a time is cut or looked at, with the argument that says so. */
export type Look =
  | { readonly argument: string; readonly grain: NonNullable<NonNullable<QuestionInput['time']>['grain']> }
  | { readonly argument: string; readonly part: DatePart }

const ARGUMENTS = ['grain', 'calendar', 'every', 'part'] as const

/** The one of `grain`, `calendar`, `every` and `part` that is given, if any. Faults: INVALID_QUESTION. */
export function readLook(args: LookArguments, place: readonly PropertyKey[]): Look | undefined {
  const given = ARGUMENTS.filter((name) => args[name] !== undefined && args[name] !== null)
  const [argument, another] = given
  if (another !== undefined) {
    const message = `A time is cut in one way; here are ${given.join(' and ')}.`
    throw Fault.at([faultDetail('INVALID_QUESTION', pointer([...place, another]), message)])
  }
  if (argument === undefined) return undefined
  const { grain, calendar, every, part } = args
  if (part !== undefined && part !== null) return { argument, part }
  const cut = grain ?? calendar ?? (every ? { every: every.every, from: every.from } : undefined)
  return cut === undefined ? undefined : { argument, grain: cut }
}
