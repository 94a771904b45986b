import type { InjectOptions } from 'fastify'
import type { Expected } from './check.ts'
import { addKey, type Json, mutate, nested, type Path, placesOf, withAt } from './mutate.ts'
import { validQuestion } from './questions.ts'
import type { Random } from './random.ts'
import { IMPOSSIBLE, randomRange } from './ranges.ts'
import { ODD_ZONES, TEXTS } from './texts.ts'

/** One request of the fuzzer and what must come of it. */
export interface Shot {
  readonly kind: string
  readonly request: InjectOptions
  readonly expected: Expected
}

export type Gun = (random: Random) => Shot

const JSON_TYPE = { 'content-type': 'application/json' }

/** A question for one of the doors that take one. */
function asked(kind: string, question: Json, expected: Expected, random: Random): Shot {
  const url = random.chance(0.15) ? '/v1/explain' : `/v1/query?shape=${random.pick(['records', 'rows', 'columns'])}`
  return { kind, request: { method: 'POST', url, headers: JSON_TYPE, payload: JSON.stringify(question) }, expected }
}

/** Where a question names things. */
const NAMED: readonly ((text: string) => { readonly put: Json; readonly path: Path })[] = [
  (text) => ({ put: [text], path: ['metrics'] }),
  (text) => ({ put: [{ metric: text }], path: ['metrics'] }),
  (text) => ({ put: [{ metric: 'visits', as: text }], path: ['metrics'] }),
  (text) => ({ put: [{ metric: 'visits', modifiers: ['plain', text] }], path: ['metrics'] }),
  (text) => ({ put: [text], path: ['dimensions'] }),
  (text) => ({ put: [{ field: `site.${text}` }], path: ['dimensions'] }),
  (text) => ({ put: [{ field: text }], path: ['order'] }),
  (text) => ({ put: [{ field: text, op: 'isNull' }], path: ['filters'] }),
  (text) => ({ put: [{ field: text, op: 'isNull' }], path: ['having'] }),
]

const valid = (random: Random): Json => validQuestion(random) as Json

/** Questions, right and wrong. */
export const QUESTION_GUNS: Readonly<Record<string, { readonly count: number; readonly gun: Gun }>> = {
  valid: {
    count: 1500,
    gun: (random) => {
      const sent = valid(random)
      return asked('valid', sent, { sent, status: [200, 422] }, random)
    },
  },
  mutated: {
    count: 8000,
    gun: (random) => {
      const { value, path } = mutate(valid(random), random)
      return asked('mutated', value, { sent: value, wrongAt: path }, random)
    },
  },
  twice: {
    count: 2500,
    gun: (random) => {
      const { value } = mutate(mutate(valid(random), random).value, random)
      return asked('twice', value, { sent: value }, random)
    },
  },
  'unknown key': {
    count: 1500,
    gun: (random) => {
      const question = valid(random)
      const { value, path } = addKey(question, placesOf(question), random)
      return asked(
        'unknown key',
        value,
        { sent: value, wrongAt: path, status: [400], code: ['UNKNOWN_KEY', 'INVALID_QUESTION'] },
        random,
      )
    },
  },
  'impossible range': {
    count: 1000,
    gun: (random) => {
      const sent = withAt(valid(random), ['time', 'range'], random.pick(IMPOSSIBLE))
      return asked('impossible range', sent, { sent, wrongAt: ['time', 'range'], status: [400] }, random)
    },
  },
  'random range': {
    count: 1200,
    gun: (random) => {
      const sent = withAt(valid(random), ['time', 'range'], randomRange(random))
      return asked('random range', sent, { sent, wrongAt: ['time', 'range'], status: [200, 400, 422] }, random)
    },
  },
  zone: {
    count: 600,
    gun: (random) => {
      const sent = withAt(valid(random), ['time', 'zone'], random.pick(ODD_ZONES))
      return asked('zone', sent, { sent, wrongAt: ['time', 'zone'], status: [200, 400, 422] }, random)
    },
  },
  text: {
    count: 1500,
    gun: (random) => {
      const op = random.pick(['eq', 'ne', 'in', 'notIn', 'gt', 'lt', 'contains', 'startsWith'])
      const field = random.pick(['label', 'code', 'site.title'])
      const filter = { field, op, values: [random.pick(TEXTS)] }
      const sent = withAt(valid(random), ['filters'], [filter])
      return asked('text', sent, { sent, wrongAt: ['filters', 0, 'values'], status: [200, 400, 422] }, random)
    },
  },
  name: {
    count: 1200,
    gun: (random) => {
      const { put, path } = random.pick(NAMED)(random.pick(TEXTS))
      const sent = withAt({ metrics: ['visits'], time: { range: 'yesterday' } }, path, put)
      return asked('name', sent, { sent, wrongAt: path, status: [200, 400, 422] }, random)
    },
  },
  nested: {
    count: 300,
    gun: (random) => {
      const depth = random.pick([3, 10, 15, 20, 30, 36, 37, 38, 39, 40, 41, 60, 200, 1000, 10_000])
      const door = random.pick(['filters', 'having'])
      // Written by hand: JSON.stringify itself recurses.
      const filter = depth <= 200 ? JSON.stringify(nested(depth)) : `${'{"not":'.repeat(depth)}{}${'}'.repeat(depth)}`
      const payload = `{"metrics":["visits"],"time":{"range":"yesterday"},"${door}":[${filter}]}`
      const status = depth > 40 ? [400] : [200, 400, 422]
      return {
        kind: 'nested',
        request: { method: 'POST', url: random.pick(['/v1/query', '/v1/explain']), headers: JSON_TYPE, payload },
        expected: { status, ...(depth > 40 ? { code: ['TOO_DEEP'] } : {}) },
      }
    },
  },
}
