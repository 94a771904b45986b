import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The 22nd field of /proc/<pid>/stat, counted from the state (the 3rd), which follows the name in brackets. */
const START_FIELD = 22 - 3

/**
 * When a running process began, in the system's own words; undefined when there is no such process. Two processes
 * with the same number never have the same start. Empty where the system does not tell.
 */
export function startOf(pid: number): string | undefined {
  if (!isRunning(pid)) return undefined
  return process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Another user's process is there, though it may not be signalled.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function startOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A dead process that its parent has not yet taken notice of.
    return state === 'Z' ? undefined : fields[START_FIELD - 1]
  } catch {
    return ''
  }
}

function startByPs(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env: { LC_ALL: 'C' } }).trim()
  } catch {
    return ''
  }
}
