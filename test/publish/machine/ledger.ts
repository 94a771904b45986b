import type { Day } from '../../crown/oracle/calendar.ts'
import { batchOf, PROCESSES, type ProcessName } from './mill.ts'
import type { Out, Rows } from './state.ts'

/** A version of some days of one process, as its batch wrote it. */
export interface Batch {
  readonly process: ProcessName
  readonly version: number
  readonly days: ReadonlyMap<Day, Rows>
}

/** What batches have written so far. */
export class Ledger {
  readonly #batches = new Map<string, Batch>()

  get batches(): readonly Batch[] {
    return [...this.#batches.values()]
  }

  /** No two batches share one, of whatever process. */
  get nextVersion(): number {
    return this.#batches.size + 1
  }

  wrote(batch: Batch): void {
    this.#batches.set(`${batch.process} ${batch.version}`, batch)
  }

  /** A version of a day; undefined when nobody wrote it. */
  out(process: ProcessName, day: Day, version: number): Out | undefined {
    const rows = this.#batches.get(`${process} ${version}`)?.days.get(day)
    return rows && { version, rows }
  }
}

/** The process whose days a batch source holds. */
export function processOf(source: string): ProcessName {
  const process = PROCESSES.find((each) => batchOf(each) === source)
  if (process === undefined) throw new RangeError(`no process has the source ${source}`)
  return process
}
