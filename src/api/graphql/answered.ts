import type { Answer } from '../../gateway/answerTypes.ts'
import type { Question } from '../../query/question.ts'
import type { ColumnBook } from './columnBook.ts'
import type { DomainShape } from './schema/domainShape.ts'

/** What the fields of a domain's answer are resolved from. */
export interface Answered {
  readonly shape: DomainShape
  readonly question: Question
  readonly answer: Answer
  readonly book: ColumnBook
}
