import { type Asked, questionText } from '../asked.ts'
import { expectedAnswer } from '../oracle/answer.ts'
import type { View } from '../oracle/view.ts'
import { type Ask, at, listAt } from './ask.ts'
import { wrongRefusal } from './query.ts'

/** A question to POST /v1/explain: every statement must carry all that its caller is bound to. */
export function explainAsk(asked: Asked): Ask {
  return {
    what: 'an explanation',
    sent: { method: 'POST', url: '/v1/explain', body: questionText(asked) },
    repeats: true,
    once: true,
    check(reply, view) {
      const wanted = expectedAnswer(asked, view)
      if (wanted.refusal !== undefined) return wrongRefusal(reply, wanted.refusal)
      if (reply.status !== 200) return `refused with ${reply.status}`
      for (const statement of listAt(reply.json, 'statements')) {
        const lack = lackOf(statement, view)
        if (lack !== undefined) return `a statement without ${lack}: ${String(at(statement, 'text'))}`
      }
      return undefined
    },
  }
}

/** What a statement does not carry of all that its caller is bound to. */
function lackOf(statement: unknown, { bound, dimensions }: View): string | undefined {
  const params = listAt(statement, 'params').map(String)
  for (const [name, keys] of Object.entries(bound)) {
    const fitting = keys.filter((key) => dimensions.get(name)?.type === 'string' || /^\d+$/.test(key))
    const missing = fitting.filter((key) => !params.includes(key))
    if (missing.length > 0) return missing.join(', ')
    if (fitting.length === 0 && !String(at(statement, 'text')).includes('1 = 0'))
      return 'a condition that nothing meets'
  }
  return undefined
}
