import { compare } from '../../base/decimal.ts'
import { compareNumbers, greater, reversed } from './orders.ts'
import { ofOnePart } from './present.ts'
import { readDecimal, readFloat } from './sum.ts'

/** Smallest and largest value; of nothing null. */
export const min = ofOnePart(readDecimal, greater(reversed(compare)))
export const max = ofOnePart(readDecimal, greater(compare))

/** The same over doubles, for measures declared as float. */
export const floatMin = ofOnePart(readFloat, greater(reversed(compareNumbers)))
export const floatMax = ofOnePart(readFloat, greater(compareNumbers))
