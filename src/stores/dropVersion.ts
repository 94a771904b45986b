import { formatDay } from '../base/time.ts'
import type { Catalog, Source } from '../catalog/catalog.ts'
import type { Store } from './port.ts'
import type { VersionedDay } from './sql/audit.ts'
import { deleteVersion, partitionColumns, quotedTable } from './sql/dropVersion.ts'

/**
 * Removes the rows of a version from its table. In ClickHouse that is its partition, where the table is partitioned by
 * day and version; else the rows are deleted. To remove what is gone does nothing. Faults are those of the store.
 */
export async function dropVersion(source: Source, of: VersionedDay, store: Store, catalog: Catalog): Promise<void> {
  const zone = catalog.processes.get(source.process)?.zone ?? 'UTC'
  // A partition holds rows of other conditions too.
  const columns = source.where === undefined ? partitionColumns(source) : undefined
  if (store.dialect === 'clickhouse' && columns !== undefined && (await isPartitionedBy(columns, source, store))) {
    await store.execute(
      `ALTER TABLE ${quotedTable(source.table, 'clickhouse')} DROP PARTITION ('${formatDay(of.day)}', ${of.version})`,
    )
  } else await store.execute(deleteVersion(source, of, zone, store.dialect))
}

async function isPartitionedBy(columns: readonly string[], { table }: Source, store: Store): Promise<boolean> {
  const { rows } = await store.query({
    dialect: 'clickhouse',
    text: `SELECT partition_key FROM system.tables WHERE name = {p1:String} AND database = if({p2:String} = '', currentDatabase(), {p2:String})`,
    params: table.includes('.')
      ? [table.slice(table.indexOf('.') + 1), table.slice(0, table.indexOf('.'))]
      : [table, ''],
  })
  const key = String(rows[0]?.[0] ?? '').replaceAll(/[`\s()]/g, '')
  return key === columns.join(',')
}
