import { audits } from './audits.ts'
import { dimensionShape } from './dimensionShape.ts'
import { formulas } from './formulas.ts'
import { knownDimensions } from './knownDimensions.ts'
import { knownZonesOnly } from './knownZones.ts'
import { metricShape } from './metricShape.ts'
import { modifierFilters } from './modifierFilters.ts'
import { reservedNames } from './reservedNames.ts'
import type { Rule } from './rule.ts'
import { sourceShape } from './sourceShape.ts'
import { spans } from './spans.ts'
import { uniqueNames } from './uniqueNames.ts'

/**
 * Every check of a catalog. Names first, because a reader mends those first; the order changes nothing else: each rule
 * reads the draft alone and faults are sorted by place.
 */
export const RULES: readonly Rule[] = [
  uniqueNames,
  reservedNames,
  knownZonesOnly,
  knownDimensions,
  dimensionShape,
  sourceShape,
  audits,
  metricShape,
  modifierFilters,
  formulas,
  spans,
]
