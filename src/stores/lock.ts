import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../base/faults.ts'
import { startOf } from './processes.ts'

const LOCK_FILE = 'lock.json'
const TRIES = 3

/** What a lock file says: who holds it and what the holder wants others to know. */
export interface LockContent {
  readonly pid: number
  /** When the process began, as the system writes it: tells it from a later process of the same number. */
  readonly started: string
  readonly [key: string]: unknown
}

export interface Lock {
  release(): void
  /** Replaces what the holder tells others. */
  update(content: Record<string, unknown>): void
}

/**
 * Takes `folder` (made when it is missing) for this process and tells others `content`, e.g. the gateway's URL.
 * Faults with CONFLICT, naming the process, when another holds it; the lock of a process that is gone is taken over.
 */
export function lockFolder(folder: string, content: Record<string, unknown>): Lock {
  mkdirSync(folder, { recursive: true })
  return lockFile(join(folder, LOCK_FILE), content, folder)
}

/** What the living holder of `folder` tells; undefined when nobody holds it. */
export function readLock(folder: string): LockContent | undefined {
  return readLive(join(folder, LOCK_FILE))
}

/** Takes the lock `path` for what is called `subject` in the fault. Its folder must exist. */
export function lockFile(path: string, content: Record<string, unknown>, subject: string): Lock {
  for (let turn = 0; turn < TRIES; turn++) {
    if (create(path, content)) return held(path)
    const holder = readLive(path)
    if (holder !== undefined) throw inUse(subject, holder.pid)
    setAside(path)
  }
  throw inUse(subject, undefined)
}

function held(path: string): Lock {
  const release = (): void => {
    process.off('exit', release)
    if (isOurs(read(path))) rmSync(path, { force: true })
  }
  process.once('exit', release)
  return {
    release,
    update(content) {
      const draft = writeDraft(path, content)
      renameSync(draft, path)
    },
  }
}

/** Links a finished file into place: fails when the lock exists, and nobody reads a lock half written. */
function create(path: string, content: Record<string, unknown>): boolean {
  const draft = writeDraft(path, content)
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function writeDraft(path: string, content: Record<string, unknown>): string {
  const draft = `${path}.${process.pid}.draft`
  const lock = { ...content, pid: process.pid, started: startOf(process.pid) ?? '' }
  writeFileSync(draft, `${JSON.stringify(lock)}\n`, { mode: 0o600 })
  return draft
}

/** Removes a dead lock. When another process was faster and this moved its living lock, that one is put back. */
function setAside(path: string): void {
  const aside = `${path}.${process.pid}.dead`
  try {
    renameSync(path, aside)
    if (readLive(aside) !== undefined) linkSync(aside, path)
  } catch (error) {
    if (!isCode(error, 'ENOENT') && !isCode(error, 'EEXIST')) throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

function readLive(path: string): LockContent | undefined {
  const lock = read(path)
  return lock !== undefined && startOf(lock.pid) === lock.started ? lock : undefined
}

function read(path: string): LockContent | undefined {
  try {
    const lock: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isContent(lock) ? lock : undefined
  } catch {
    return undefined
  }
}

function isContent(lock: unknown): lock is LockContent {
  if (typeof lock !== 'object' || lock === null) return false
  return 'pid' in lock && typeof lock.pid === 'number' && 'started' in lock && typeof lock.started === 'string'
}

function isOurs(lock: LockContent | undefined): boolean {
  return lock?.pid === process.pid && lock.started === (startOf(process.pid) ?? '')
}

function inUse(subject: string, pid: number | undefined): Fault {
  const holder = pid === undefined ? 'another process' : `process ${pid}`
  return new Fault('CONFLICT', `${subject} is in use by ${holder}: stop it first, or name another folder`)
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
