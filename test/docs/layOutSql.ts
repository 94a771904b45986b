const BREAKS = ['from', 'where', 'group by', 'having', 'order by', 'limit', 'union all', 'left join', 'SETTINGS']
const WORD = /[a-z_]/i

/**
 * A statement over several lines: each clause of a select on a line of its own, deeper by two for an inner select. Text
 * between the breaks stays as it is run.
 */
export function layOutSql(text: string): string {
  const open: boolean[] = []
  let out = ''
  let at = 0
  while (at < text.length) {
    const quoted = quotedAt(text, at)
    if (quoted !== undefined) {
      out += quoted
      at += quoted.length
      continue
    }
    const clause = clauseAt(text, at, open.at(-1) ?? true)
    if (clause !== undefined) {
      out = `${out.trimEnd()}\n${indent(open)}${clause}`
      at += clause.length
      continue
    }
    const letter = text[at] ?? ''
    if (letter === '(') {
      const isSelect = /^\(\s*(select|with)\b/i.test(text.slice(at))
      open.push(isSelect)
      out += isSelect ? `(\n${indent(open)}` : '('
    } else if (letter === ')') {
      const wasSelect = open.pop() ?? false
      out += wasSelect ? `\n${indent(open)})` : ')'
    } else out += letter
    at += 1
  }
  return out
}

function quotedAt(text: string, at: number): string | undefined {
  const quote = text[at]
  if (quote !== "'" && quote !== '"') return undefined
  const end = text.indexOf(quote, at + 1)
  return end === -1 ? undefined : text.slice(at, end + 1)
}

/** The words that begin a clause here, if a select is open and no word goes on before them. */
function clauseAt(text: string, at: number, inSelect: boolean): string | undefined {
  if (!inSelect || WORD.test(text[at - 1] ?? '')) return undefined
  return BREAKS.find((words) => text.startsWith(words, at) && !WORD.test(text[at + words.length] ?? ''))
}

function indent(open: readonly boolean[]): string {
  return '  '.repeat(open.filter(Boolean).length)
}
