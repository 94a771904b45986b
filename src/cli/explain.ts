import { callAndPrint } from './ask.ts'
import type { Command } from './command.ts'
import { explanationLines } from './explanationText.ts'
import { PLACE_OPTIONS, QUESTION_OPTIONS, questionText, STDIN } from './questionArguments.ts'
import { readExplanation } from './wire.ts'

/** `oneservice explain`: how a question would be answered now. */
export const explain: Command = {
  name: 'explain',
  summary: 'Shows how a question would be answered: plan, source map, statements.',
  about: ['Takes the options of query. Nothing is read from the stores.'],
  options: { ...QUESTION_OPTIONS, ...PLACE_OPTIONS },
  words: [STDIN],
  examples: [
    {
      line: 'explain --metrics ctr --dimensions channel --range "last 7 days and today" --grain day',
      does: 'which day is read from which source, and by which statement',
    },
    {
      line: `explain --metrics viewers --range 2026-11 --filter 'channel = live'`,
      does: 'how distinct viewers of a month are counted',
    },
  ],
  async run(given, context) {
    const call = { method: 'POST', path: '/v1/explain', body: await questionText(given) } as const
    return callAndPrint(call, given, context, (text, paint) => explanationLines(readExplanation(text), paint))
  },
}
