import { UsageError } from './arguments.ts'
import { callAndPrint } from './ask.ts'
import type { Command } from './command.ts'
import { daysOf } from './publish.ts'
import { PLACE_OPTIONS } from './questionArguments.ts'
import { readStaged } from './wire.ts'

/** `oneservice stage`: audits written versions of business days and records them. */
export const stage: Command = {
  name: 'stage',
  summary: 'Audits a written version of business days; publish makes it seen.',
  about: [
    'Counts its rows, sums a hash of each and records what the table looks like. Publishing holds the rows against it.',
    'A version that is not what it must be exits with 1 and the reason.',
  ],
  options: {
    source: { type: 'string', value: 'S', help: 'The source.' },
    day: { type: 'string', value: 'D', repeats: true, takesMore: true, help: 'A business day like 2026-11-19.' },
    version: { type: 'string', value: 'N', help: 'What the version column of the rows holds.' },
    rows: { type: 'string', value: 'N', help: 'How many rows were written; of one day.' },
    empty: { type: 'boolean', help: 'The version may have no rows.' },
    'run-id': { type: 'string', value: 'R', help: 'The run that wrote it, for the record.' },
    ...PLACE_OPTIONS,
  },
  examples: [
    { line: 'stage --source ad_delivery_day --day 2026-11-19 --version 2', does: 'audits the rows of version 2' },
    { line: 'stage --source ad_delivery_day --day 2026-11-19 --version 2 --rows 40210', does: 'and wants so many' },
  ],
  async run(given, context) {
    const source = given.text('source')
    const version = given.integer('version', 1)
    if (source === undefined || version === undefined) throw new UsageError('Name the --source and the --version.')
    const body = JSON.stringify({
      ...{ source, version, days: daysOf(given), rowCount: given.integer('rows', 0), runId: given.text('run-id') },
      ...(given.has('empty') ? { empty: true } : {}),
    })
    return callAndPrint({ method: 'POST', path: '/v1/publications/stage', body }, given, context, (text) =>
      readStaged(text).staged.map(
        (each) =>
          `staged ${each.source} ${each.day} version ${each.version.digits}: ${each.rowCount.digits} rows, checksum ${each.checksum}`,
      ),
    )
  },
}
