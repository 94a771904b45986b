import type { Ask, Reply } from './asks/ask.ts'
import { at } from './asks/ask.ts'
import type { Moment } from './model.ts'
import type { View } from './oracle/view.ts'
import { meaningOf, tokensIn } from './tokens.ts'

/** What a reply holds that its caller must not have. */
export interface Wrong {
  /** A name or value of somebody else's, figures that are not the caller's own, or something that broke. */
  readonly kind: 'names' | 'figures' | 'broken'
  readonly what: string
}

/** Everything that is wrong with a reply. */
export function wrongsOf(reply: Reply, ask: Ask, view: View, moment: Moment): Wrong[] {
  if (reply.status >= 500) return [{ kind: 'broken', what: `${reply.status}` }]
  const own = ownWords(reply, ask)
  // The admin may know of everything, also of what stands in no catalog.
  const found = Object.keys(view.bound).length === 0 ? [] : [...tokensIn(wordsOf(reply))]
  const asked = tokensIn(`${ask.sent.url} ${ask.sent.body ?? ''}`)
  const repeated = [...tokensIn(questionsIn(reply).join(' '))].filter((token) => !asked.has(token))
  const leaked = [...found, ...repeated].filter((token) => !view.allowed.has(token) && !own.has(token))
  const told = leaked.map((token) => `${token}, which stands in ${meaningOf(token)}`)
  const wrong = isLost(view) ? wrongWelcome(reply) : ask.check(reply, view, moment)
  return [
    ...(told.length === 0 ? [] : [{ kind: 'names', what: told.join('; ') } as const]),
    ...(wrong === undefined ? [] : [{ kind: 'figures', what: wrong } as const]),
  ]
}

/** Bound to a dimension that is none here: nothing can be cut to that. */
function isLost({ bound, dimensions }: View): boolean {
  return Object.keys(bound).some((name) => !dimensions.has(name))
}

function wrongWelcome({ status, json }: Reply): string | undefined {
  const code = at(json, 'code') ?? at(json, 'errors', 0, 'extensions', 'code')
  return code === 'FORBIDDEN' ? undefined : `${status} for one who is bound to nothing here`
}

/** A refusal may repeat what the caller wrote; an answer has nothing to repeat. */
function ownWords(reply: Reply, { repeats, sent }: Ask): Set<string> {
  const refuses = reply.status >= 400 || at(reply.json, 'errors') !== undefined
  return refuses || repeats === true ? tokensIn(`${sent.url} ${sent.body ?? ''}`) : new Set()
}

/** A receipt repeats what was asked, as it stands in the text. */
function questionsIn({ headers, text, json }: Reply): string[] {
  const told = /"x-oneservice-receipt":"((?:[^"\\\\]|\\\\.)*)"/.exec(headers)?.[1]
  const ofHeader = told === undefined ? undefined : at(JSON.parse(JSON.parse(`"${told}"`)), 'question')
  const ofBody = at(json, 'receipt', 'question')
  const plain = [ofHeader, ofBody].flatMap((question) => (question === undefined ? [] : [JSON.stringify(question)]))
  const written = [...plain, ...plain.map((each) => JSON.stringify(each).slice(1, -1))]
  return written.filter((each) => text.includes(each) || headers.includes(each))
}

/** All that went out but the question that a receipt repeats, and what cursors hold. */
function wordsOf(reply: Reply): string {
  const whole = allWords(reply)
  return questionsIn(reply).reduce((text, question) => text.replaceAll(question, ''), whole)
}

function allWords({ headers, text }: Reply): string {
  const cursors = [...text.matchAll(/"nextCursor":"([\w-]+)"/g)].map(([, cursor = '']) =>
    Buffer.from(cursor, 'base64url').toString(),
  )
  return [headers, text, ...cursors].join('\n')
}
