import { Fault } from '../base/faults.ts'

/**
 * Runs a task under a deadline and, if given, under the caller's own signal. The task hears of both through its signal;
 * what it throws once the time is up becomes DEADLINE, once the caller is gone CLIENT_CLOSED.
 */
export async function withDeadline<T>(
  milliseconds: number,
  caller: AbortSignal | undefined,
  task: (limits: { readonly signal: AbortSignal; readonly timeout: number }) => Promise<T>,
): Promise<T> {
  const timer = AbortSignal.timeout(milliseconds)
  const signal = caller === undefined ? timer : AbortSignal.any([timer, caller])
  try {
    return await task({ signal, timeout: milliseconds })
  } catch (error) {
    if (timer.aborted) {
      const message = `The question took longer than ${milliseconds / 1000} s; ask for a shorter range, fewer dimensions or more filters.`
      throw new Fault('DEADLINE', message, { cause: error })
    }
    if (caller?.aborted === true) throw new Fault('CLIENT_CLOSED', 'The caller went away.', { cause: error })
    throw error
  }
}
