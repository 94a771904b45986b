import type { z } from 'zod'

/**
 * What can be asked of a zod schema and a value that did not fit it: which keys stand at a place, what was written
 * there, and which of several possible forms the writer meant. Read from zod's own definitions, so that no second list
 * of keys has to be kept.
 */
interface Definition {
  readonly innerType?: z.core.$ZodType
  readonly options?: readonly z.core.$ZodType[]
  readonly element?: z.core.$ZodType
  readonly valueType?: z.core.$ZodType
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
}

/** The keys that the objects at a path of the schema know. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  let candidates = plain(schema)
  for (const part of path) {
    candidates = candidates.flatMap((candidate) => {
      const def = candidate._zod.def as Definition
      const next = def.shape?.[String(part)] ?? (typeof part === 'number' ? def.element : def.valueType)
      return next === undefined ? [] : plain(next)
    })
  }
  return candidates.flatMap((candidate) => Object.keys((candidate._zod.def as Definition).shape ?? {}))
}

/** The schemas behind optional, default and union wrappers. */
function plain(schema: z.core.$ZodType): z.core.$ZodType[] {
  const def = schema._zod.def as Definition
  if (def.innerType !== undefined) return plain(def.innerType)
  if (def.options !== undefined) return def.options.flatMap(plain)
  return [schema]
}

/** The value at a path, or undefined. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined
    at = (at as Record<PropertyKey, unknown>)[part]
  }
  return at
}

/** Where a value has several possible forms: the issues of the form that got furthest into it. Others as they are. */
export function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue
  const depth = (of: z.core.$ZodIssue) => of.path.length + (of.code === 'unrecognized_keys' ? 1 : 0)
  const furthest = issue.errors.flat().toSorted((a, b) => depth(b) - depth(a))[0]
  if (furthest === undefined || depth(furthest) === 0) return issue
  return innermost({ ...furthest, path: [...issue.path, ...furthest.path] })
}
