import { answerLines } from './answerText.ts'
import { callAndPrint } from './ask.ts'
import type { Command } from './command.ts'
import { PLACE_OPTIONS, QUESTION_OPTIONS, questionText, STDIN } from './questionArguments.ts'
import { readAnswer } from './wire.ts'

/** `oneservice query`: a question, answered as a table. */
export const query: Command = {
  name: 'query',
  summary: 'Asks a question and prints the answer.',
  about: [
    'Asks the gateway at ONESERVICE_URL (with ONESERVICE_ADMIN_KEY), else the one that holds the data folder,',
    'else opens the stores itself. A question that is refused exits with 1, a gateway or store out of reach with 3.',
  ],
  options: { ...QUESTION_OPTIONS, ...PLACE_OPTIONS },
  words: [STDIN],
  examples: [
    {
      line: 'query --metrics ctr,clicks --dimensions channel --range "last 7 days"',
      does: 'click-through rate by channel',
    },
    {
      line: 'query --metrics gmv,orders --range 2026-11-14 2026-11-20 --grain day --totals',
      does: 'sales day by day, and in total',
    },
    {
      line: `query --metrics cost,roi --dimensions advertiser.industry --range "last 30 days" --filter 'channel in feed,search' --having 'cost gt 100' --order roi:desc --limit 10`,
      does: 'industries by what their ads bring in',
    },
    {
      line: `query --question '{"metrics":["exposures"],"time":{"range":"yesterday"}}' --json`,
      does: 'a question as JSON, its answer as JSON; also --question @file.json, or - for standard input',
    },
  ],
  async run(given, context) {
    const call = { method: 'POST', path: '/v1/query', body: await questionText(given) } as const
    return callAndPrint(call, given, context, (text, paint) => answerLines(readAnswer(text), paint))
  },
}
