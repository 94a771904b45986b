import { Fault } from '../../base/faults.ts'
import type { Caller } from '../../gateway/caller.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import type { ApiContext } from '../context.ts'
import type { Batch } from './batch.ts'

/** What a subscription needs. */
export interface SubscriptionContext extends Pick<ApiContext, 'landings'> {
  readonly caller: Caller
  readonly gateway: Gateway
  /** Fires when the client hangs up. */
  readonly signal: AbortSignal
}

/** What the resolvers of one request share. */
export interface GraphqlContext extends SubscriptionContext, Pick<ApiContext, 'publications'> {
  readonly batch: Batch
  readonly lookUps: LookUps
}

const MOST_LOOK_UPS = 20

/**
 * Counts the reads of one document that are no questions: values of dimensions and publications. With one of them, or
 * with a receipt, what a document gives is not made of its questions' figures alone.
 */
export class LookUps {
  #count = 0
  #receipts = 0

  /** Faults: OVER_BUDGET. */
  add(): void {
    this.#count++
    if (this.#count > MOST_LOOK_UPS) {
      throw new Fault('OVER_BUDGET', `One document reads values and publications at most ${MOST_LOOK_UPS} times.`)
    }
  }

  addReceipt(): void {
    this.#receipts++
  }

  get none(): boolean {
    return this.#count + this.#receipts === 0
  }
}
