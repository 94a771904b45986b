import { openStore } from '../../src/stores/open.ts'

/** Everything that stands in the tables of a database, as one text a table, by its name. */
export async function contentsOf(url: string): Promise<ReadonlyMap<string, string>> {
  const store = await openStore('look', url)
  const ask = async (text: string) => (await store.query({ dialect: 'postgres', text, params: [] })).rows
  try {
    const tables = await ask(
      `select format('%I.%I', table_schema, table_name) from information_schema.tables
       where table_schema not in ('pg_catalog', 'information_schema')`,
    )
    const contents = tables.map(async ([table]) => {
      const [[text] = []] = await ask(`select string_agg(t::text, ' ') from ${table} t`)
      return [String(table), String(text)] as const
    })
    return new Map(await Promise.all(contents))
  } finally {
    await store.close()
  }
}
