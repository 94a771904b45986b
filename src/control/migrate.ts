import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Store } from '../stores/port.ts'

/** Everything of ours in a control database stands in this schema. */
export const SCHEMA = 'oneservice'

const LOCK = 20_261_121

/**
 * Brings the control database to the newest migration. Each file runs in one transaction with its own record, under a
 * lock, so that several gateways may start at once.
 */
export async function migrate(control: Store, folder: string): Promise<void> {
  await control.execute(
    `select pg_advisory_xact_lock(${LOCK});
     create schema if not exists ${SCHEMA};
     create table if not exists ${SCHEMA}.migration (name text primary key, applied_at timestamptz not null default now())`,
  )
  const files = (await readdir(folder)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).toSorted()
  for (const name of files) await apply(control, name, await readFile(join(folder, name), 'utf8'))
}

async function apply(control: Store, name: string, text: string): Promise<void> {
  if (await isApplied(control, name)) return
  try {
    // Statements of one text are one transaction: the file and its record, or neither.
    await control.execute(
      `select pg_advisory_xact_lock(${LOCK});
       select set_config('search_path', '${SCHEMA}', true);
       insert into migration (name) values ('${name}');
       ${text}`,
    )
  } catch (error) {
    // Another gateway may have applied it while this one waited for the lock.
    if (!(await isApplied(control, name))) throw error
  }
}

async function isApplied(control: Store, name: string): Promise<boolean> {
  const { rows } = await control.query({
    dialect: 'postgres',
    text: `select 1 from ${SCHEMA}.migration where name = $1`,
    params: [name],
  })
  return rows.length > 0
}
