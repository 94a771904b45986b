import { type Arguments, UsageError } from './arguments.ts'
import { callAndPrint } from './ask.ts'
import type { Command } from './command.ts'
import { type CliContext, EXIT, type ExitCode } from './context.ts'
import { PLACE_OPTIONS } from './questionArguments.ts'
import { readPublished, readWithdrawn } from './wire.ts'

/** `oneservice publish`: makes business days of an offline source final, or takes them back. */
export const publish: Command = {
  name: 'publish',
  summary: 'Publishes business days of an offline source, or withdraws them.',
  about: [
    'All days are audited and published in one transaction. Without --source every source with a staged version is.',
    'A day that can not be published exits with 1 and the reason.',
  ],
  options: {
    source: { type: 'string', value: 'S', help: 'The source; default: all that have a staged version of the days.' },
    day: { type: 'string', value: 'D', repeats: true, takesMore: true, help: 'A business day like 2026-11-19.' },
    version: { type: 'string', value: 'N', help: 'The version; default: the newest staged one.' },
    empty: { type: 'boolean', help: 'The days have no rows; needs the --source.' },
    'run-id': {
      type: 'string',
      value: 'R',
      help: 'The run that publishes; asked again by the same run, nothing changes.',
    },
    'accept-difference': { type: 'boolean', help: 'Publishes although real time is further off than its tolerance.' },
    withdraw: { type: 'boolean', help: 'Takes the days back to real-time data.' },
    ...PLACE_OPTIONS,
  },
  examples: [
    { line: 'publish --source ad_delivery_day --day 2026-11-19', does: 'one day of one source' },
    { line: 'publish --day 2026-11-18 2026-11-19 --run-id nightly-42', does: 'two days of every source' },
    { line: 'publish --source ad_delivery_day --day 2026-11-19 --withdraw', does: 'the day is provisional again' },
  ],
  async run(given, context) {
    const days = daysOf(given)
    return given.has('withdraw') ? withdrawDays(given, days, context) : publishDays(given, days, context)
  },
}

/** The business days that --day names. Throws UsageError when it names none. */
export function daysOf(given: Arguments): string[] {
  const days = given
    .all('day')
    .flatMap((value) => value.split(','))
    .filter((day) => day !== '')
  if (days.length === 0) throw new UsageError('Name the business days: --day 2026-11-19.')
  return days
}

function publishDays(given: Arguments, days: readonly string[], context: CliContext): Promise<ExitCode> {
  const source = given.text('source')
  const version = given.integer('version', 1)
  const runId = given.text('run-id')
  const body = JSON.stringify({
    ...{ source, days, version, runId },
    ...(given.has('empty') ? { empty: true } : {}),
    ...(given.has('accept-difference') ? { acceptDifference: true } : {}),
  })
  return callAndPrint({ method: 'POST', path: '/v1/publications', body }, given, context, (text) => {
    const { published, epoch } = readPublished(text)
    return [
      ...published.map((each) => `published ${each.source} ${each.day} version ${each.version.digits}`),
      `epoch ${epoch.digits}`,
    ]
  })
}

async function withdrawDays(given: Arguments, days: readonly string[], context: CliContext): Promise<ExitCode> {
  const source = given.text('source')
  if (source === undefined) throw new UsageError('--withdraw needs the --source.')
  for (const option of ['version', 'run-id', 'empty', 'accept-difference']) {
    if (given.has(option))
      throw new UsageError(`--${option} has no meaning with --withdraw: the published version goes.`)
  }
  for (const day of days) {
    const path = `/v1/publications/${encodeURIComponent(source)}/${encodeURIComponent(day)}`
    await callAndPrint({ method: 'DELETE', path }, given, context, (text) => {
      const { withdrawn, epoch } = readWithdrawn(text)
      return [`${withdrawn ? 'withdrawn' : 'was not published:'} ${source} ${day}`, `epoch ${epoch.digits}`]
    })
  }
  return EXIT.ok
}
