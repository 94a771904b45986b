import type { Shape } from '../shapes.ts'
import type { Numbers } from './cells.ts'

/** How an answer may be written: media type -> what stands in `Content-Type`. What is preferred comes first. */
export const CONTENT_TYPES = {
  'application/json': 'application/json; charset=utf-8',
  'text/csv': 'text/csv; charset=utf-8; header=present',
  'application/x-ndjson': 'application/x-ndjson; charset=utf-8',
  'application/vnd.apache.arrow.stream': 'application/vnd.apache.arrow.stream',
} as const

export type MediaType = keyof typeof CONTENT_TYPES

/** The media types of an answer, in the order in which they are offered. */
export const MEDIA_TYPES = Object.keys(CONTENT_TYPES) as readonly MediaType[]

/** What was asked for of an answer's outside. The figures are the same in all of them. */
export interface Representation {
  readonly type: MediaType
  /** Matters to JSON alone. */
  readonly shape: Shape
  readonly numbers: Numbers
}

const SUFFIXES: Readonly<Record<Exclude<MediaType, 'application/json'>, string>> = {
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/vnd.apache.arrow.stream': 'arrow',
}

/** Tells representations of one answer apart, in its ETag. */
export function suffixOf({ type, shape, numbers }: Representation): string {
  const format = type === 'application/json' ? shape : SUFFIXES[type]
  return numbers === 'string' ? `${format}-string` : format
}
