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
