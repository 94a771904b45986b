import { join } from 'node:path'
import { type Day, formatDay } from '../../base/time.ts'
import { RUN } from '../command.ts'
import { near } from './near.ts'
import type { Plan } from './plan.ts'
import type { Wish } from './wish.ts'

/** What was written, and the commands that lead to a first answer. `newest` is the last day that has rows. */
export function reportOf({ folder, store }: Wish, { draft, files }: Plan, newest: Day | undefined): string {
  const kept = draft.dimensions.filter(({ exists }) => exists)
  const option = `--catalog ${near(folder)}`
  const metrics = [draft.count, ...draft.measures.map(({ name }) => name)].slice(0, 3).join(',')
  const by = draft.dimensions.find(({ type }) => type === 'string') ?? draft.dimensions[0]
  const range = newest === undefined ? '"last 7 days and today"' : `${formatDay(newest - 6)} ${formatDay(newest)}`
  const lines = [
    ...files.map(({ path }) => `wrote ${near(join(folder, path))}`),
    ...kept.map(({ name }) => `kept  the dimension "${name}" as it is; see that it means the same here`),
    '',
    `${draft.measures.length + 1} metrics by ${draft.dimensions.length} dimensions; time: ${draft.time.name}; days are cut in ${draft.zone}.`,
    'Read the comments in the files; what is guessed is said there. Then:',
    '',
    `  ${RUN} validate ${option}`,
    `  ${RUN} query ${option} --metrics ${metrics} --range ${range} --grain day`,
    ...(by === undefined
      ? []
      : [`  ${RUN} query ${option} --metrics ${draft.count} --dimensions ${by.name} --range ${range}`]),
    `  ${RUN} serve ${option}`,
    '',
    `(with ONESERVICE_STORE_${store.toUpperCase()} set as now)`,
  ]
  return `${lines.join('\n')}\n`
}
