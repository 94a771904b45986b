import type { Cell, Store } from '../../src/stores/port.ts'
import type { Town } from './model.ts'

const COLUMNS = ['source', 'biz_date', 'version', 'state', 'row_count']

/** Every day of every table of a town, published with the count of all tenants' rows. */
export function publicationsOf({ processes }: Town): (readonly Cell[])[] {
  return processes.flatMap(({ sources, facts }) =>
    sources
      .filter(({ role }) => role !== 'live')
      .flatMap(({ name, versions }) =>
        [...versions].map(([day, version]) => {
          const count = facts.filter((fact) => fact.day === day).length
          return [name, day, version, 'published', count]
        }),
      ),
  )
}

/** Puts these publications in the place of all others. */
export async function fillPublications(control: Store, rows: readonly (readonly Cell[])[]): Promise<void> {
  await control.execute('truncate oneservice.publication')
  await control.load('oneservice.publication', COLUMNS, rows)
}
