import { relative } from 'node:path'

/** A path as seen from here. */
export function near(path: string): string {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') ? path : short === '' ? '.' : short
}
