import { Fault, faultDetail } from '../../base/faults.ts'
import type { QuestionInput } from '../../query/question.ts'
import type { Places } from './places.ts'
import { readLook } from './readLook.ts'
import type { TimeArguments } from './schema/argumentTypes.ts'

/** The time of a question. `selected`: rows show it. Faults: INVALID_QUESTION. */
export function readTime(time: TimeArguments, selected: boolean, places: Places): NonNullable<QuestionInput['time']> {
  const { range, grain, calendar, every, zone, wholeBuckets } = time
  const look = readLook({ grain, calendar, every }, ['time'])
  if (selected && look === undefined) {
    const message = 'Rows have a time where they are cut by one: give time: {grain: DAY}, or leave `time` out.'
    throw Fault.at([faultDetail('INVALID_QUESTION', '/time/grain', message)])
  }
  if (look !== undefined) places.set(['time', 'grain'], ['time', look.argument])
  const [first] = range ?? []
  return {
    ...(range === undefined || range === null
      ? {}
      : { range: range.length === 1 && first !== undefined ? first : [...range] }),
    ...(look !== undefined && 'grain' in look ? { grain: look.grain } : {}),
    ...(zone === undefined || zone === null ? {} : { zone }),
    ...(wholeBuckets === undefined || wholeBuckets === null ? {} : { wholeBuckets }),
  }
}
