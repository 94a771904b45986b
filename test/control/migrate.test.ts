import { createHash } from 'node:crypto'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrate, SCHEMA } from '../../src/control/migrate.ts'
import { PublicationTable } from '../../src/control/publicationTable.ts'
import { openStore } from '../../src/stores/open.ts'
import type { Store } from '../../src/stores/port.ts'

const FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url))

/** Databases have run these: a change of what they do is a file of its own. */
const OUT: Readonly<Record<string, string>> = {
  '0001_publication.sql': '5da0d59a4d7c626d',
  '0002_access.sql': 'a9262298aec06ddf',
  '0003_landings.sql': '6cc9a7ba776228d6',
  '0004_audits.sql': '0bd62ed3e4bdebcc',
}

describe('migrations', () => {
  let control: Store
  let folder: string
  beforeEach(async () => {
    control = await openStore('control', 'pglite://memory')
    folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  })
  afterEach(async () => {
    await control.close()
    await rm(folder, { recursive: true })
  })

  it('that are out stay as they are', async () => {
    for (const [name, digest] of Object.entries(OUT)) {
      const text = await readFile(join(FOLDER, name))
      expect([name, createHash('sha256').update(text).digest('hex').slice(0, 16)]).toEqual([name, digest])
    }
  })

  it('bring a database of before to the newest, with what was staged and published in it', async () => {
    for (const name of Object.keys(OUT).slice(0, 3)) await cp(join(FOLDER, name), join(folder, name))
    await migrate(control, folder)
    await control.execute(
      `insert into ${SCHEMA}.publication (source, biz_date, version, state, row_count, checksum, schema_hash)
       values ('mill', '2026-11-01', 1, 'staged', 5, 'postgres:1', 'abc')`,
    )
    await control.execute(
      `select ${SCHEMA}.land_days('[{"source":"mill","day":"2026-11-01","version":1,"live":null}]', null, 'h', 0, '[]', '[]', '[]')`,
    )
    await control.execute(
      `insert into ${SCHEMA}.publication (source, biz_date, version, state, row_count, checksum, schema_hash)
       values ('mill', '2026-11-01', 2, 'staged', 6, 'postgres:2', 'abc')`,
    )
    for (let times = 0; times < 2; times++) await migrate(control, FOLDER)
    const { rows } = await control.query({
      dialect: 'postgres',
      text: `select name from ${SCHEMA}.migration`,
      params: [],
    })
    expect(rows.map(([name]) => name).toSorted()).toEqual((await readdir(FOLDER)).toSorted())
    const { rows: looked } = await control.query({
      dialect: 'postgres',
      text: `select ${SCHEMA}.look_at_days('[{"source":"mill","day":"2026-11-01"}]', null)::text`,
      params: [],
    })
    expect(JSON.parse(String(looked[0]?.[0]))).toMatchObject({
      days: [{ source: 'mill', version: 2, live: 1, checksum: 'postgres:2', columns: null, newest: 2 }],
    })
    const table = new PublicationTable(control)
    const again = { source: 'mill', day: '2026-11-01', version: 1, rowCount: 5, checksum: 'postgres:9' }
    const kept = await table.stage([{ ...again, columns: [], sourceHash: 'h', runId: undefined }])
    expect(kept).toMatchObject([{ source: 'mill', day: '2026-11-01', version: 1 }])
  })
})
