import type { FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { type Json, readJson } from '../base/json.ts'
import type { Question, QuestionInput } from '../query/question.ts'
import { readQuestion } from '../query/readQuestion.ts'

/** The text of a JSON body; parsed by whoever needs more than the text. */
export class JsonBody {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** The JSON that a request carries; undefined when it has no body. Faults as readJson does. */
export function jsonOf({ body }: FastifyRequest): Json | undefined {
  return body instanceof JsonBody ? readJson(body.text) : undefined
}

/** The question of a door that has no text of it; the same object for the same question. Faults as readQuestion does. */
export function questionFrom(input: QuestionInput): Question {
  const text = JSON.stringify(input)
  const before = known.get(text)
  if (before !== undefined) return before
  const question = readQuestion(input)
  known.set(text, question)
  return question
}

/** The question that a request carries. Faults as readJson and readQuestion do. */
export function questionIn({ body }: FastifyRequest): Question {
  return body instanceof JsonBody ? questionOf(body.text) : readQuestion(undefined)
}

const MOST_CHARACTERS = 16 * 1024 * 1024
const LONGEST_KEPT = 64 * 1024

/** Questions by the very text they were asked in. What a text means does not depend on who asks. */
const known = new LRUCache<string, Question>({
  maxSize: MOST_CHARACTERS,
  maxEntrySize: LONGEST_KEPT,
  sizeCalculation: (_, text) => 1000 + text.length,
})

/** The question that a text is; the same object for the same text. Faults as readJson and readQuestion do. */
export function questionOf(text: string): Question {
  const before = known.get(text)
  if (before !== undefined) return before
  const question = readQuestion(readJson(text))
  known.set(text, question)
  return question
}
