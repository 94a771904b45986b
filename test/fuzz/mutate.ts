import type { Random } from './random.ts'
import { ODD_ZONES, TEXTS } from './texts.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export type Path = readonly (string | number)[]

/** A question with one thing wrong, where the thing stands. */
export interface Mutation {
  readonly value: Json
  readonly path: Path
}

/** Every place inside a value, the outermost first. */
export function placesOf(value: Json, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const entries: [string | number, Json][] = Array.isArray(value)
    ? value.map((each: Json, i): [number, Json] => [i, each])
    : Object.entries(value)
  return [path, ...entries.flatMap(([key, inner]) => placesOf(inner, [...path, key]))]
}

export function valueAt(value: Json, path: Path): Json | undefined {
  let at: Json | undefined = value
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined
    at = (at as Record<string | number, Json>)[part]
  }
  return at
}

/** A copy with another value at a path; undefined takes the place away. */
export function withAt(value: Json, path: Path, put: Json | undefined): Json {
  const [part, ...rest] = path
  if (part === undefined) return put ?? null
  if (Array.isArray(value)) {
    const items: Json[] = value.map((each: Json, i) => (i === part ? withAt(each, rest, put) : each))
    return put === undefined && rest.length === 0 ? items.filter((_, i) => i !== part) : items
  }
  const object = (typeof value === 'object' && value !== null ? value : {}) as Record<string, Json>
  const entries = Object.entries(object).filter(([key]) => key !== String(part))
  const inner = rest.length === 0 ? put : withAt(object[String(part)] ?? null, rest, put)
  // Object.fromEntries makes an own key of `__proto__` too.
  return Object.fromEntries(inner === undefined ? entries : [...entries, [String(part), inner]])
}

const UNKNOWN_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'metricz',
  'Range',
  '',
  '\u0000',
  'a/b~c',
  'x'.repeat(500),
  '$where',
  'sql',
]

/** Values that fit nowhere much. */
export function junk(random: Random): Json {
  return random.pick<() => Json>([
    () => null,
    () => true,
    () => random.pick([0, -0, -1, 1.5, 1e21, 1e308, 5e-324, 9007199254740991]),
    () => random.pick(TEXTS),
    () => random.pick(ODD_ZONES),
    () => [],
    () => [[]],
    () => [null],
    () => ({}),
    () => ({ __proto__: null, toString: 1 }),
    () => JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}') as Json,
    () => ({ field: 'label', op: 'eq', values: ['x'], and: [] }),
    () => Array.from({ length: 10_001 }, (_, i) => i),
    () => Array.from({ length: 500 }, () => random.pick(TEXTS.slice(0, 20))),
    () => nested(random.pick([5, 30, 39])),
  ])()
}

/** Filters inside each other. */
export function nested(depth: number): Json {
  let filter: Json = { field: 'label', op: 'eq', values: ['plain'] }
  for (let i = 0; i < depth; i++)
    filter = i % 3 === 0 ? { not: filter } : i % 3 === 1 ? { and: [filter] } : { or: [filter] }
  return filter
}

/** Puts junk somewhere, takes something away, or adds a key that nobody knows. */
export function mutate(question: Json, random: Random): Mutation {
  const places = placesOf(question)
  const path = random.pick(places)
  const kind = random.int(10)
  if (kind < 6) return { value: withAt(question, path, junk(random)), path }
  if (kind === 6 && path.length > 0) return { value: withAt(question, path, undefined), path: path.slice(0, -1) }
  if (kind === 7) {
    const text = valueAt(question, path)
    const put = typeof text === 'string' ? spoil(text, random) : JSON.stringify(text ?? null).slice(0, 200)
    return { value: withAt(question, path, put), path }
  }
  return addKey(question, places, random)
}

/** A key that no schema knows, in one of the objects; it must be refused there. */
export function addKey(question: Json, places: readonly Path[], random: Random): Mutation {
  const objects = places.filter((place) => {
    const at = valueAt(question, place)
    return typeof at === 'object' && at !== null && !Array.isArray(at)
  })
  if (objects.length === 0) return { value: question, path: [] }
  const path = [...random.pick(objects), random.pick(UNKNOWN_KEYS)]
  return { value: withAt(question, path, random.pick<Json>([1, {}, 'x', null, ['y']])), path }
}

/** A text with a character too many, too few or another. */
function spoil(text: string, random: Random): string {
  const at = random.int(text.length + 1)
  const odd = random.pick([
    '',
    '\u0000',
    '\ud800',
    '\u200b',
    '\u202e',
    "'",
    '"',
    '\\',
    ';',
    ' ',
    '.',
    '/',
    'é',
    'e\u0301',
    '\ufeff',
    '$1',
    '{p1:String}',
  ])
  return text.slice(0, at) + odd + text.slice(at + random.int(2))
}
