import { UsageError } from './arguments.ts'
import { callAndPrint } from './ask.ts'
import type { Command } from './command.ts'
import { EXIT } from './context.ts'
import { PLACE_OPTIONS } from './questionArguments.ts'
import { readRetention } from './wire.ts'

/** `oneservice guard`: tells a purge job whether it may remove old rows of a stream. */
export const guard: Command = {
  name: 'guard',
  summary: 'Says whether rows of a stream may be purged: not those of a day that is published nowhere.',
  about: [
    'Exits with 0 when they may go, with 1 when a day would be lost, and with 3 when it can not be known.',
    'A purge job runs it first, and removes rows before the moment that it names.',
  ],
  options: {
    source: { type: 'string', value: 'S', help: 'The stream.' },
    before: { type: 'string', value: 'D', help: 'The first day whose rows stay; default: what its retention says.' },
    ...PLACE_OPTIONS,
  },
  examples: [
    { line: 'guard --source ad_event', does: 'rows older than the retention' },
    { line: 'guard --source ad_event --before 2026-11-13', does: 'rows of the days before' },
  ],
  async run(given, context) {
    const source = given.text('source')
    if (source === undefined) throw new UsageError('Name the stream: --source ad_event.')
    const before = given.text('before')
    const path = `/v1/retention?${new URLSearchParams({ source, ...(before === undefined ? {} : { before }) })}`
    const linesOf = (text: string): string[] => {
      const { days, unprotected, before: moment } = readRetention(text)
      if (days === null) return [`${source} holds no rows before ${moment}.`]
      if (unprotected.length === 0)
        return [
          `${source} may lose its rows before ${moment} (${days.from} to ${days.to}): no day of them is unpublished.`,
        ]
      const lost = unprotected.map((each) => `  ${each.day} is not published in ${each.lacking.join(', ')}`)
      return [`${source} may not lose its rows before ${moment}:`, ...lost]
    }
    const exitOf = (text: string) => (readRetention(text).mayPurge ? EXIT.ok : EXIT.refused)
    return callAndPrint({ method: 'GET', path }, given, context, linesOf, exitOf)
  },
}
