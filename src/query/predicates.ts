import type { Predicate } from './resolved.ts'

/** Every field that a predicate reads. */
export function* fieldsOf<F>(predicate: Predicate<F>): Generator<F> {
  switch (predicate.kind) {
    case 'all':
    case 'any':
      for (const item of predicate.items) yield* fieldsOf(item)
      break
    case 'compare':
    case 'oneOf':
    case 'noneOf':
    case 'text':
    case 'null':
    case 'during':
      yield predicate.field
      break
  }
}
