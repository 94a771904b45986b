import type { Judged, Mutant } from './mutant.ts'
import { type Ready, WorkerLost, WorkerProcess } from './workerProcess.ts'

/** A mutant may keep a worker silent for this often as long as the longest case, and not for less than this. */
const MOST_TIMES = 20
const LEAST_SILENT_MS = 10_000

/** What a suite said of mutants. */
export interface SuiteRun {
  readonly judged: readonly Judged[]
  readonly ready: Ready
  /** Cases that failed without a mutant after the last one: the run is not to be relied on. */
  readonly failed: readonly string[]
  /** How often a worker had to be started anew. */
  readonly restarts: number
}

export interface PoolOptions {
  readonly root: string
  readonly suite: string
  readonly workers: number
  readonly onJudged: (judged: Judged) => void
}

/** Has every mutant judged by a suite, by several workers at once. */
export async function judgeAll(mutants: readonly Mutant[], options: PoolOptions): Promise<SuiteRun> {
  const queue = mutants.toReversed()
  const lines = await Promise.all(Array.from({ length: options.workers }, () => runLine(queue, options)))
  const [first] = lines
  if (first === undefined) throw new RangeError('at least one worker is needed')
  return {
    judged: lines.flatMap(({ judged }) => judged),
    ready: first.ready,
    failed: lines.flatMap(({ failed }) => failed),
    restarts: lines.reduce((sum, { restarts }) => sum + restarts, 0),
  }
}

/** One worker after the other, until nothing is left. */
async function runLine(queue: Mutant[], options: PoolOptions): Promise<SuiteRun> {
  const judged: Judged[] = []
  let restarts = -1
  for (;;) {
    restarts++
    const worker = new WorkerProcess(options.root, options.suite)
    try {
      const ready = await worker.ready()
      worker.endAfter(Math.max(LEAST_SILENT_MS, MOST_TIMES * ready.longest))
      const isDone = await judgeUntilSpoilt(worker, queue, (each) => {
        judged.push(each)
        options.onJudged(each)
      })
      if (!isDone) continue
      const closed = await worker.ask({ kind: 'close' })
      return { judged, ready, restarts, failed: closed.kind === 'closed' ? closed.failed : [] }
    } finally {
      await worker.end()
    }
  }
}

/** True when nothing is left; false when the worker can not be used any more. */
async function judgeUntilSpoilt(
  worker: WorkerProcess,
  queue: Mutant[],
  onJudged: (judged: Judged) => void,
): Promise<boolean> {
  for (let mutant = queue.pop(); mutant !== undefined; mutant = queue.pop()) {
    try {
      const message = await worker.ask({ kind: 'judge', id: mutant.id })
      if (message.kind !== 'judged') throw new WorkerLost(`a worker answered with ${message.kind}`)
      onJudged({ mutant, outcome: message.outcome, by: message.by })
      if (message.isSpoilt) return false
    } catch (error) {
      if (!(error instanceof WorkerLost)) throw error
      onJudged({ mutant, outcome: 'timeout', by: undefined })
      return false
    }
  }
  return true
}
