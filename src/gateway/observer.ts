import type { FaultCode } from '../base/faults.ts'
import type { Answer } from './answerTypes.ts'
import type { Caller } from './caller.ts'

/** Told of what happens, for metrics. Nothing here may throw or wait. */
export interface Observer {
  /** A statement ended in its store; `outcome` is `ok` or the code of its fault. */
  statement(store: string, engine: string, milliseconds: number, outcome: 'ok' | FaultCode): void
  /** A question was answered or refused. */
  question(caller: Caller, outcome: Answer['delivery'] | FaultCode): void
}

export const NO_OBSERVER: Observer = { statement: () => undefined, question: () => undefined }
