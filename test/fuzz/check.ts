import { FAULTS } from '../../src/base/faults.ts'
import { type Json, type Path, valueAt } from './mutate.ts'

/** What a response is judged by. */
export interface Seen {
  readonly status: number
  readonly type: string
  readonly body: string
  /** HEAD has no body to judge. */
  readonly bodiless?: boolean
}

/** What is known of a request beforehand. */
export interface Expected {
  /** The question as it was sent, and where it is wrong, if it is refused. */
  readonly sent?: Json
  readonly wrongAt?: Path
  readonly status?: readonly number[]
  readonly code?: readonly string[]
}

/** Words of PostgreSQL, ClickHouse, Node or this machine. No text that the fuzzer sends holds one of them. */
const LEAKS =
  /Code: \d|DB::|relation "|syntax error|\bpg_|clickhouse|postgres|node_modules|\n\s+at |\/tmp\/|\.ts:\d|\.js:\d|ECONN|TypeError|RangeError|\bselect .* from\b/i

/** What is wrong with a response; undefined when nothing is. */
export function complaint(seen: Seen, { sent, wrongAt, status, code }: Expected): string | undefined {
  if (seen.status >= 500) return `a ${seen.status}`
  if (status !== undefined && !status.includes(seen.status)) return `${seen.status} instead of ${status.join(' or ')}`
  if (seen.status < 400 || seen.bodiless === true) return undefined
  if (!seen.type.startsWith('application/problem+json')) return `a refusal as ${seen.type}`
  const problem = readProblem(seen)
  if (typeof problem === 'string') return problem
  if (code !== undefined && !code.includes(problem.code)) return `${problem.code} instead of ${code.join(' or ')}`
  if (seen.body.includes(process.cwd())) return 'a leak of a path'
  const leak = LEAKS.exec(seen.body)
  if (leak !== null) return `a leak: ${leak[0]}`
  return sent === undefined ? undefined : misplaced(problem, sent, wrongAt)
}

interface Problem {
  readonly code: string
  readonly errors: readonly { readonly pointer: string }[]
}

function readProblem(seen: Seen): Problem | string {
  let parsed: unknown
  try {
    parsed = JSON.parse(seen.body)
  } catch {
    return 'a refusal that is not JSON'
  }
  if (typeof parsed !== 'object' || parsed === null) return 'a refusal that is no object'
  const { code, status, detail, title, errors, requestId } = parsed as Record<string, unknown>
  if (typeof code !== 'string' || !Object.hasOwn(FAULTS, code)) return `no code: ${String(code)}`
  if (status !== seen.status) return `status ${String(status)} in the body of a ${seen.status}`
  if (typeof detail !== 'string' || detail.length < 10 || typeof title !== 'string') return 'no message'
  if (typeof requestId !== 'string' || requestId === '') return 'no request id'
  if (!Array.isArray(errors) || !errors.every(isDetail)) return 'no errors[]'
  return { code, errors }
}

function isDetail(error: unknown): error is { pointer: string } {
  if (typeof error !== 'object' || error === null) return false
  const { pointer, code, message, suggestions } = error as Record<string, unknown>
  return (
    typeof pointer === 'string' &&
    typeof code === 'string' &&
    Object.hasOwn(FAULTS, code) &&
    typeof message === 'string' &&
    message.length > 3 &&
    Array.isArray(suggestions)
  )
}

/** Faults of a question name its places: every pointer leads into it, and one of them to where it is wrong. */
function misplaced({ code, errors }: Problem, sent: Json, wrongAt: Path | undefined): string | undefined {
  const paths = errors.map(({ pointer }) => pathOf(pointer))
  if (paths.length === 0 && code !== 'OVER_BUDGET') return `${code} without a place`
  const astray = paths.find((path) => path.length > 0 && !leadsInto(sent, path))
  if (astray !== undefined) return `${code} at /${astray.join('/')}, which is no place of the question`
  // Whatever else comes of the mutation, the list of faults is cut at 20.
  if (wrongAt === undefined || errors.length >= 20 || FAULTS[code as keyof typeof FAULTS].status !== 400)
    return undefined
  if (paths.some((path) => touches(path, wrongAt))) return undefined
  // A column that is asked for no longer is missed where it is ordered by.
  if (code === 'UNKNOWN_COLUMN' && ['metrics', 'dimensions', 'time'].includes(String(wrongAt[0]))) return undefined
  return `${code} at ${errors.map(({ pointer }) => pointer || '(whole)').join(', ')} but wrong at /${wrongAt.join('/')}`
}

function pathOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The place is there, or the object is in which it is missing. A `time` that was left out may be pointed into. */
function leadsInto(sent: Json, path: readonly string[]): boolean {
  return valueAt(sent, path.slice(0, -1)) !== undefined || path[0] === 'time' || path[0] === 'finality'
}

/** One path leads to the other; long keys are pointed at by their beginning. */
function touches(path: readonly string[], wrongAt: Path): boolean {
  return wrongAt.every((part, i) => {
    const other = path[i]
    return (
      other === undefined ||
      other === String(part) ||
      (other.length > 60 && String(part).startsWith(other.slice(0, -1)))
    )
  })
}
