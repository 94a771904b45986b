import { type Day, dayAt, plus, startOf } from '../../../crown/oracle/calendar.ts'
import type { Random } from '../../../support/random.ts'
import { stage } from '../doors.ts'
import type { Batch } from '../ledger.ts'
import type { Life } from '../life.ts'
import { batchOf, DAYS, FORMS, PROCESSES, type ProcessName } from '../mill.ts'
import type { Rows } from '../state.ts'
import { Misstep, type Step, type StepMaker } from './step.ts'

/** Days of a process that are over. */
export function endedDays({ history }: Life, process: ProcessName): readonly Day[] {
  const today = dayAt(history.current.now, FORMS[process].zone)
  return DAYS.filter((day) => day < today && day >= (FORMS[process].since ?? ''))
}

/** A batch writes a version of some days; nobody may see anything of it. */
export const batchWrites: StepMaker = (life, random) => {
  const { history, ledger } = life
  const process = random.pick(PROCESSES)
  const days = random.sample(endedDays(life, process), random.int(1, 4)).toSorted()
  if (days.length === 0) return undefined
  return {
    name: `batch: ${batchOf(process)} version ${ledger.nextVersion} of ${days.join(' ')}`,
    async run() {
      await writeBatch(life, process, days, random)
      return history.current
    },
  }
}

/** Days of a written version are staged; nobody may see anything of that either. */
export const versionIsStaged: StepMaker = ({ history, ledger, peer }, random): Step | undefined => {
  if (ledger.batches.length === 0) return undefined
  const { process, version, days: written } = random.pick(ledger.batches)
  const days = random.sample([...written.keys()], random.int(1, 4))
  const body = { source: batchOf(process), days, version }
  return {
    name: `stage: ${JSON.stringify(body)}`,
    async run() {
      const told = await stage(peer.app, body)
      if (told.status === 503 && history.current.offlineDown) return history.current
      if (told.status !== 200) throw new Misstep(JSON.stringify(told.body))
      const counts = days.map((day) => written.get(day)?.sacks)
      const found = told.body.staged.map((each: { readonly rowCount: number }) => each.rowCount)
      if (JSON.stringify(found) !== JSON.stringify(counts)) throw new Misstep(`staged ${found} instead of ${counts}`)
      return history.current
    },
  }
}

/** Writes the next version of some days, of rows of its own. */
export async function writeBatch(
  life: Life,
  process: ProcessName,
  days: readonly Day[],
  random: Random,
): Promise<Batch> {
  const [batch] = await writeBatches(life, process, [days], random)
  if (batch === undefined) throw new RangeError('one batch was written')
  return batch
}

/** What has been written when a life begins: versions of all days, also of those that are not over. */
export async function writeFirstBatches(life: Life, random: Random): Promise<void> {
  for (const process of PROCESSES) {
    const all = DAYS.filter((day) => day >= (FORMS[process].since ?? ''))
    await writeBatches(
      life,
      process,
      Array.from({ length: FIRST_BATCHES }, () => all),
      random,
    )
  }
}

const FIRST_BATCHES = 8

async function writeBatches(
  { offlineStore, ledger }: Life,
  process: ProcessName,
  versions: readonly (readonly Day[])[],
  random: Random,
): Promise<Batch[]> {
  const cells: string[][] = []
  const batches = versions.map((days, i): Batch => {
    const version = ledger.nextVersion + i
    const rows = days.flatMap((day) => rowsOf(process, day, random))
    cells.push(...rows.map(({ day, at, kilos }) => [day, `${version}`, utcText(at), `${kilos}`]))
    const byDay = Map.groupBy(rows, ({ day }) => day)
    return { process, version, days: new Map([...byDay].map(([day, of]) => [day, sumOf(of)])) }
  })
  await offlineStore.load(batchOf(process), ['day', 'pv', 'at', 'kilos'], cells)
  for (const batch of batches) ledger.wrote(batch)
  return batches
}

interface Row {
  readonly day: Day
  readonly at: number
  readonly kilos: number
}

/** Some rows of a day, the first two at its very ends. */
function rowsOf(process: ProcessName, day: Day, random: Random): Row[] {
  const start = startOf(day, FORMS[process].zone)
  const last = startOf(plus(day, 1), FORMS[process].zone) - 1
  return Array.from({ length: random.int(1, 4) }, (_, i) => {
    const at = i === 0 ? start : i === 1 ? last : random.int(start, last)
    return { day, at, kilos: random.int(1, 1_000_000) }
  })
}

/** As both engines read it, in sessions of UTC. */
const utcText = (instant: number): string => new Date(instant).toISOString().slice(0, -1).replace('T', ' ')

const sumOf = (rows: readonly Row[]): Rows => ({
  sacks: rows.length,
  kilos: rows.reduce((sum, { kilos }) => sum + kilos, 0),
})
