import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { oneservice, type RunningGateway, serveFor } from './run.ts'

let folder: string
let env: Record<string, string>
let gateway: RunningGateway

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'oneservice-cli-'))
  env = { ONESERVICE_DATA_DIR: folder, ONESERVICE_NOW: '2026-11-20T10:31:07+08:00' }
  gateway = await serveFor([], { env })
})
afterAll(async () => {
  await gateway.stop()
  rmSync(folder, { recursive: true, force: true })
})

const run = (...args: string[]) => oneservice(args, { env })
const question = ['query', '--metrics', 'ctr,clicks', '--range', '2026-11-18', '2026-11-20', '--grain', 'day']
const finalities = (stdout: string) =>
  [...stdout.matchAll(/^(2026-11-\d\d) .* (\w+)$/gm)].map(([, day, finality]) => `${day} ${finality}`)

// The gateway holds the data folder: every command finds it there, and nobody told it where.
describe('the sample business behind a gateway that holds the data folder', () => {
  it('answers, and says of each day how final it is', async () => {
    const { code, stdout, stderr } = await run(...question)
    expect([code, stderr]).toEqual([0, ''])
    expect(finalities(stdout)).toEqual(['2026-11-18 final', '2026-11-19 provisional', '2026-11-20 provisional'])
    expect(stdout).toMatch(/^! 2026-11-19 is real-time data; the offline result is not out yet\.$/m)
    expect(stdout).toMatch(/^final through 2026-11-18, as of 2026-11-20T10:31:07\+08:00$/m)
  })

  it('publishes yesterday, which is final from then on, and withdraws it again', async () => {
    const published = await run('publish', '--source', 'ad_delivery_day', '--day', '2026-11-19')
    expect(published).toMatchObject({ code: 0, stderr: '' })
    expect(published.stdout).toMatch(/^published ad_delivery_day 2026-11-19 version \d+\nepoch \d+\n$/)
    expect(finalities((await run(...question)).stdout)[1]).toBe('2026-11-19 final')
    const withdrawn = await run('publish', '--source', 'ad_delivery_day', '--day', '2026-11-19', '--withdraw')
    expect(withdrawn.stdout).toMatch(/^withdrawn ad_delivery_day 2026-11-19\n/)
    expect(finalities((await run(...question)).stdout)[1]).toBe('2026-11-19 provisional')
  })

  it.each([
    ['2026-11-20', 'DAY_NOT_OVER'],
    ['2020-01-01', 'NOTHING_STAGED'],
  ])('does not publish %s, and says why', async (day, code) => {
    const refused = await run('publish', '--source', 'ad_delivery_day', '--day', day)
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain(`error ${code} at /days`)
  })

  it('stages a version that is there, and refuses one that is not', async () => {
    const rows = /^staged ad_delivery_day 2026-11-19 version 1: (\d+) rows, checksum clickhouse:\d+\n$/
    const stage = (...more: string[]) =>
      run('stage', '--source', 'ad_delivery_day', '--day', '2026-11-19', '--version', ...more)
    const staged = await stage('1')
    expect([staged.code, staged.stdout]).toEqual([0, expect.stringMatching(rows)])
    const [, count = ''] = rows.exec(staged.stdout) ?? []
    expect((await stage('1', '--rows', count)).code).toBe(0)
    const refused = await stage('7')
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('AUDIT_FAILED')])
  })

  it('guards the stream: a purge may take what is published, and not the day that is not', async () => {
    const guard = (before: string) => run('guard', '--source', 'ad_event', '--before', before)
    const allowed = await guard('2026-11-19')
    expect([allowed.code, allowed.stdout]).toEqual([0, expect.stringContaining('no day of them is unpublished')])
    const held = await guard('2026-11-20')
    expect(held.code).toBe(1)
    expect(held.stdout).toMatch(
      /^ad_event may not lose its rows before .*:\n {2}2026-11-19 is not published in ad_delivery_day/,
    )
  })

  it('has nothing to drop yet', async () => {
    expect(await run('drop')).toMatchObject({ code: 0, stdout: 'nothing to drop\n' })
    expect((await run('drop', '--older-than', 'soon')).code).toBe(1)
  })

  it('keeps a second gateway out', async () => {
    const { code, stderr } = await run('serve', '--port', '0')
    expect(code).toBe(1)
    expect(stderr).toContain(`is in use by process ${gateway.child.pid}`)
  })

  it('is opened by the command itself once the gateway is gone, with the same answer', async () => {
    const before = await run(...question)
    expect((await gateway.stop()).code).toBe(0)
    expect(await run(...question)).toEqual(before)
  })
})
