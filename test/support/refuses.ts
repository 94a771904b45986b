import { Fault, type FaultDetail } from '../../src/base/faults.ts'

/** The details of the fault that `run` throws; anything else fails the test. */
export function detailsOf(run: () => unknown): readonly FaultDetail[] {
  try {
    run()
  } catch (error) {
    if (error instanceof Fault) return error.errors
    throw error
  }
  throw new Error('nothing was refused')
}

/** `pointer CODE message` of each place that is refused. */
export function refusalsOf(run: () => unknown): string[] {
  return detailsOf(run).map(({ pointer, code, message }) => `${pointer} ${code} ${message}`)
}
