import type { Parameter } from '../port.ts'
import { executionSeconds, QUERY_SETTINGS, settingList } from './settings.ts'
import { escapeValue } from './text.ts'

const PLACEHOLDER = /\{p(\d+):/g

/**
 * What is set on a connection before a statement of ours, in the same call. Whatever is set stays on the connection,
 * so all of it is set every time.
 *
 * The values are bound here, as the engine's own parameters: the statement's text never changes. chDB's interface
 * for bound values is not used, as it lets one statement of the process run at a time: a slow question would hold up
 * every other (measured: 2 s against 9 ms), while parameters set on a connection are its own.
 */
export function prelude(tag: string, params: readonly Parameter[], timeout: number | undefined): string {
  const values = params.map((value, index) => [`param_p${index + 1}`, escapeValue(value)])
  const list = settingList({
    ...QUERY_SETTINGS,
    max_execution_time: executionSeconds(timeout),
    log_comment: tag,
    ...Object.fromEntries(values),
  })
  return `SET ${list}; `
}

/** A placeholder without a value would read what an earlier statement left on the connection. */
export function checkPlaceholders(text: string, params: readonly Parameter[]): void {
  for (const [placeholder, position] of text.matchAll(PLACEHOLDER)) {
    if (Number(position) > params.length) throw new RangeError(`The statement has no value for ${placeholder}...}`)
  }
}
