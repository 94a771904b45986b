import { openStore } from '../stores/open.ts'
import { overridesOf } from './arguments.ts'
import type { Command } from './command.ts'
import { EXIT } from './context.ts'
import { writeFiles } from './init/files.ts'
import { planFiles, requireTime } from './init/plan.ts'
import { reportOf } from './init/report.ts'
import { describeTable, newestDay } from './init/tables.ts'
import { DEFAULT_FOLDER, readWish } from './init/wish.ts'

/** `oneservice init`: drafts catalog files from a table that exists. */
export const init: Command = {
  name: 'init',
  summary: 'Drafts a catalog from a table of your own.',
  about: [
    'The store is a URL in the environment, like ONESERVICE_STORE_SHOP=postgres://user:password@host/database',
    '(also clickhouse://, http://, https://, pglite://path, chdb://path). Nothing in it is changed. Columns are guessed',
    'by type and name: a time, numbers as metrics, ids and short texts as dimensions. A file that exists is kept.',
  ],
  options: {
    store: { type: 'string', value: 'S', help: 'The name of the store; its URL stands in ONESERVICE_STORE_<NAME>.' },
    table: { type: 'string', value: 'T', help: 'The table, with its schema or database where needed.' },
    process: { type: 'string', value: 'P', help: 'The name of the business process; default: after the table.' },
    domain: { type: 'string', value: 'D', help: 'The part of the business; default: the name of the store.' },
    time: { type: 'string', value: 'COLUMN', help: 'When the event of a row happened; default: guessed.' },
    zone: { type: 'string', value: 'Z', help: "Where business days are cut; default: this machine's zone." },
    catalog: {
      type: 'string',
      value: 'DIR',
      help: `Where to write; default: ONESERVICE_CATALOG or ./${DEFAULT_FOLDER}.`,
    },
    force: { type: 'boolean', help: 'Writes the process file anew when it exists.' },
  },
  examples: [
    { line: 'init --store shop --table orders', does: 'drafts catalog/metrics/orders.yaml and its dimensions' },
    {
      line: 'init --store shop --table sales.refunds --process refund --time refunded_at --zone Asia/Shanghai',
      does: 'when you know better than the guesses',
    },
  ],
  async run(given, context) {
    const config = context.readConfig(overridesOf(given, { catalog: 'ONESERVICE_CATALOG' }))
    const wish = readWish(given, config)
    const store = await openStore(wish.store, wish.url)
    try {
      const columns = await describeTable(store, wish.table)
      const guesses = requireTime(columns, store, wish)
      const plan = await planFiles(wish, guesses, store, context.home)
      writeFiles(wish.folder, plan.files, wish.force ? plan.files[0]?.path : undefined)
      const newest = await newestDay(store, wish.table, guesses.time, wish.zone)
      context.stdout.write(reportOf(wish, plan, newest))
      return EXIT.ok
    } finally {
      await store.close()
    }
  },
}
