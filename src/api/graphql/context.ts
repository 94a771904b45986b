import { Fault } from '../../base/faults.ts'
import type { Publications } from '../../control/publications.ts'
import type { Caller, Gateway } from '../../gateway/gateway.ts'
import type { Batch } from './batch.ts'

/** What the resolvers of one request share. */
export interface GraphqlContext {
  readonly caller: Caller
  readonly gateway: Gateway
  readonly publications: Publications
  /** Fires when the client hangs up. */
  readonly signal: AbortSignal
  readonly batch: Batch
  readonly lookUps: LookUps
}

const MOST_LOOK_UPS = 20

/** Counts the reads of one document that are no questions: values of dimensions and publications. */
export class LookUps {
  #count = 0

  /** Faults: OVER_BUDGET. */
  add(): void {
    this.#count++
    if (this.#count > MOST_LOOK_UPS) {
      throw new Fault('OVER_BUDGET', `One document reads values and publications at most ${MOST_LOOK_UPS} times.`)
    }
  }
}
