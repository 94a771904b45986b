import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockFolder, readLock } from '../../src/stores/lock.ts'
import { openStore } from '../../src/stores/open.ts'
import { startOf } from '../../src/stores/processes.ts'
import { faultOf } from './contract.ts'

let folder: string
const lockPath = () => join(folder, 'lock.json')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'oneservice-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A process of its own that does `line` with the lock room, says a word and stays until it is killed. */
async function other(line: string) {
  const room = new URL('../../src/stores/lock.ts', import.meta.url).href
  const script = `import { lockFolder, lockFile } from ${JSON.stringify(room)}\n${line}\nconsole.log('held')\nsetInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return {
    pid: child.pid ?? 0,
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

const thrown = (work: () => unknown) => faultOf(Promise.resolve().then(work))

describe('the lock of a folder', () => {
  it('tells others its content while it is held', () => {
    const lock = lockFolder(folder, { url: 'http://127.0.0.1:4000' })
    expect(readLock(folder)).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:4000' })
    lock.update({ url: 'http://127.0.0.1:5000' })
    expect(readLock(folder)).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:5000' })
    lock.release()
    expect(readLock(folder)).toBeUndefined()
    expect(existsSync(lockPath())).toBe(false)
  })

  it('refuses a second process and names the first', async () => {
    const holder = await other(`lockFolder(${JSON.stringify(folder)}, { url: 'http://other' })`)
    const fault = await thrown(() => lockFolder(folder, {}))
    expect(fault.code).toBe('CONFLICT')
    expect(fault.message).toContain(`process ${holder.pid}`)
    expect(readLock(folder)).toMatchObject({ url: 'http://other' })
    await holder.kill()
    expect(readLock(folder)).toBeUndefined()
    lockFolder(folder, {}).release()
  })

  it('takes over from a process number that was used again', () => {
    const before = { pid: process.ppid, started: 'long ago' }
    writeFileSync(lockPath(), JSON.stringify(before))
    const lock = lockFolder(folder, {})
    expect(readLock(folder)).toMatchObject({ pid: process.pid, started: startOf(process.pid) })
    lock.release()
  })

  it('takes over a lock that is not readable', () => {
    writeFileSync(lockPath(), '{"pid":')
    lockFolder(folder, {}).release()
    expect(existsSync(lockPath())).toBe(false)
  })

  it('leaves the lock of its successor alone', async () => {
    const lock = lockFolder(folder, {})
    rmSync(lockPath())
    const successor = await other(`lockFolder(${JSON.stringify(folder)}, {})`)
    lock.release()
    expect(JSON.parse(readFileSync(lockPath(), 'utf8'))).toMatchObject({ pid: successor.pid })
    await successor.kill()
  })

  it.each(['pglite', 'chdb'])('keeps a second process out of a folder of %s', async (engine) => {
    const path = join(folder, 'data')
    const holder = await other(`lockFile(${JSON.stringify(`${path}.lock.json`)}, {}, 'data')`)
    const fault = await faultOf(openStore('store', `${engine}://${path}`))
    expect(fault.code).toBe('CONFLICT')
    expect(fault.message).toContain(`process ${holder.pid}`)
    await holder.kill()
  })

  it('refuses a URL of an unknown scheme without repeating it', async () => {
    const fault = await faultOf(openStore('store', 'mysql://root:secret@host/db'))
    expect(fault.code).toBe('INVALID_CONFIG')
    expect(fault.message).not.toContain('secret')
  })
})
