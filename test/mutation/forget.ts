import { AnswerCache } from '../../src/gateway/cache/answerCache.ts'
import { stopwatch } from '../../src/gateway/cache/flights.ts'
import { prepare } from '../../src/gateway/prepare.ts'
import { PreparedBook } from '../../src/gateway/preparedBook.ts'

/**
 * Makes every gateway of the process forget: each question is planned, read and computed anew, whatever was asked
 * before. A plan, an answer or a failure that was kept would be that of another mutant.
 */
export function forgetAnswers(): void {
  const { answer } = AnswerCache.prototype
  AnswerCache.prototype.answer = (...asked) => answer.apply(new AnswerCache({ bytes: 0, clock: stopwatch }), asked)
  AnswerCache.prototype.fresh = () => undefined
  PreparedBook.prototype.known = (question, context) => prepare(question, context)
}
