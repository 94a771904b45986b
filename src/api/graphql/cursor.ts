import { hash } from 'node:crypto'
import { Fault, faultDetail } from '../../base/faults.ts'
import type { Question } from '../../query/question.ts'

/**
 * Cursors as documents carry them: that of the answer, and a mark of the question it belongs to. A page is cut from
 * what is kept, whatever the document says; so one that says something else must not be answered with it.
 */

/** The cursor of a page of a question's answer. */
export function bindCursor(cursor: string | null | undefined, question: Question): string | null {
  return cursor === null || cursor === undefined ? null : `${cursor}.${markOf(question)}`
}

/** The cursor of the answer. Faults: INVALID_VALUE. */
export function readCursor(bound: string, question: Question): string {
  const end = bound.lastIndexOf('.')
  if (end > 0 && bound.slice(end + 1) === markOf(question)) return bound.slice(0, end)
  const message =
    'This cursor is not of this question; a page is asked with the arguments and the selection of the first.'
  throw Fault.at([faultDetail('INVALID_VALUE', '/cursor', message)])
}

/** How many rows a page has, and how old figures may be, does not change which result it is cut from. */
function markOf({ limit: _, cursor: _cursor, maxStaleness: _age, ...question }: Question): string {
  return hash('sha256', JSON.stringify(question), 'base64url').slice(0, 16)
}
