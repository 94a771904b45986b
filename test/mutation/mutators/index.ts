import type { Mutator } from '../change.ts'
import { calls } from './calls.ts'
import { conditions } from './conditions.ts'
import { literals } from './literals.ts'
import { operators } from './operators.ts'
import { statements } from './statements.ts'

/** Every mutator. What comes first goes around what comes later at the same place. */
export const MUTATORS: readonly Mutator[] = [statements, conditions, operators, literals, calls]
