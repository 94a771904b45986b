import { callAndPrint } from './ask.ts'
import type { Command } from './command.ts'
import { PLACE_OPTIONS } from './questionArguments.ts'
import { readDropped } from './wire.ts'

/** `oneservice drop`: takes away superseded versions. */
export const drop: Command = {
  name: 'drop',
  summary: 'Takes away versions of business days that were superseded.',
  about: [
    'Never sooner than the longest question may read them. Without --older-than as the `keep` of each source says.',
    'What is dropped is not published again, and answers that pinned it can not be replayed.',
  ],
  options: {
    source: { type: 'string', value: 'S', help: 'The source; default: every source with versions.' },
    'older-than': { type: 'string', value: 'T', help: 'How long ago they were superseded, like "7 days".' },
    ...PLACE_OPTIONS,
  },
  examples: [
    { line: 'drop', does: 'what every source with a keep has kept long enough' },
    { line: 'drop --source ad_delivery_day --older-than "7 days"', does: 'of one source' },
  ],
  run(given, context) {
    const body = JSON.stringify({ source: given.text('source'), olderThan: given.text('older-than') })
    return callAndPrint({ method: 'POST', path: '/v1/publications/drop', body }, given, context, (text) => {
      const { dropped } = readDropped(text)
      if (dropped.length === 0) return ['nothing to drop']
      return dropped.map(({ source, day, version, removed }) => {
        const what = `${source} ${day} version ${version.digits}`
        return removed ? `dropped ${what}` : `still there, try again: ${what}`
      })
    })
  },
}
