import { Fault } from '../base/faults.ts'
import type { Question } from '../query/question.ts'
import type { Answer } from './answerTypes.ts'
import { requireFinal } from './assemble.ts'
import { findEntities } from './findEntities.ts'
import type { Gateway } from './gateway.ts'
import { findNewest } from './newest.ts'
import { type PrepareContext, type Prepared, prepare } from './prepare.ts'

/**
 * Prepares a question again with what it waited for: the entities that its filters compare, and how far the streams have
 * come that an unfinished period is compared by. Resolves to the fault that one of these is answered with.
 */
export async function completed(
  { asked, needs, clocked }: Prepared,
  context: PrepareContext,
  gateway: Gateway,
  ask: (question: Question) => Promise<Answer>,
): Promise<Prepared | Fault> {
  try {
    const [entities, newest] = await Promise.all([findEntities(needs, ask), findNewest(clocked, gateway)])
    const prepared = prepare(asked, { ...context, entities, newest })
    requireFinal(prepared)
    return prepared
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}
