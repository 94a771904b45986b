import { didYouMean, nearest } from '../../base/didYouMean.ts'
import { findZone, knownZones } from '../../base/time.ts'
import type { Rule } from './rule.ts'

/** Business days are cut in a zone of the tz database, spelled as it spells it. */
export const knownZonesOnly: Rule = (draft) =>
  draft.processes.flatMap(({ file, value }) => {
    if (findZone(value.zone) === value.zone) return []
    const near = nearest(value.zone, knownZones())
    return [file.fault(['zone'], 'UNKNOWN_ZONE', `"${value.zone}" is not a time zone.${didYouMean(near)}`, near)]
  })
