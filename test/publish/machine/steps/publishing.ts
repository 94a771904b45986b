import { type Day, dayAt, plus } from '../../../crown/oracle/calendar.ts'
import type { Random } from '../../../support/random.ts'
import { listed, type PublishBody, type PublishedDay } from '../doors.ts'
import { type Batch, processOf } from '../ledger.ts'
import type { Life } from '../life.ts'
import { batchOf, DAYS, FORMS, PROCESSES } from '../mill.ts'
import { shownKey } from '../state.ts'
import type { Loss } from '../switchable.ts'
import { endedDays, writeBatch } from './batches.ts'
import { type Change, lossyPublication, publication, refusedPublication, withdrawal } from './publication.ts'
import type { Step, StepMaker } from './step.ts'

/** Days of a written version are published: late, out of order, several at once, or one that was out before. */
export const versionIsPublished: StepMaker = (life, random) => {
  const chosen = chooseVersion(life, random)
  return chosen && publication(life, chosen.body, chosen.changes, random.chance(0.3) ? 'peer' : 'first')
}

/** The connection to the control database is lost in the middle of a publication. */
export const publicationIsCut: StepMaker = (life, random) => {
  const chosen = life.control.isOff ? undefined : chooseVersion(life, random)
  const how: Loss = random.chance(0.5) ? 'before' : 'after'
  return chosen && lossyPublication(life, chosen.body, chosen.changes, { left: random.int(0, 4), how })
}

/** What was written before is corrected: a new version, published at once. */
export const dayIsRestated: StepMaker = (life, random): Step | undefined => {
  const process = random.pick(PROCESSES)
  const out = [...life.history.current.truth[process].keys()]
  if (out.length === 0) return undefined
  const days = random.sample(out, random.int(1, 3)).toSorted()
  return {
    name: `restate: ${batchOf(process)} ${days.join(' ')}`,
    async run() {
      const batch = await writeBatch(life, process, days, random)
      return publication(life, bodyOf(batch, days), changesOf(life, batch, days), 'first').run()
    },
  }
}

/** The newest staged versions of some days, of every source at once. */
export const stagedIsPublished: StepMaker = (life, random): Step | undefined => {
  const ended = PROCESSES.map((process) => endedDays(life, process))
  const both = DAYS.filter((day) => ended.every((each) => each.includes(day)))
  const days = random.sample(both, random.int(1, 4))
  const by = random.chance(0.3) ? 'peer' : 'first'
  if (days.length === 0 || life.ledger.batches.length === 0) return undefined
  return {
    name: `publish what is staged: ${days.join(' ')}`,
    async run() {
      const staged = (await listed(life.peer.app, 'staged')).filter(
        (each) => days.includes(each.day) && isTakenUnnamed(life, each),
      )
      const newest = new Map(staged.toReversed().map((each) => [`${each.source} ${each.day}`, each]))
      const changes = [...newest.values()].map(({ source, day, version }): Change => {
        const process = processOf(source)
        return { process, day, out: life.ledger.out(process, day, version) }
      })
      if (changes.length === 0) return refusedPublication(life, { days }, 'NOTHING_STAGED', by).run()
      return publication(life, { days }, changes, by).run()
    },
  }
}

/** Newer than what is out; one that was withdrawn only while nothing is out, and the empty one never. */
function isTakenUnnamed({ history }: Life, { source, day, version }: PublishedDay): boolean {
  const process = processOf(source)
  const live = history.current.truth[process].get(day)?.version
  if (version === 0 || version < (live ?? 0)) return false
  return live === undefined || !history.pastAt(history.done).shown.has(shownKey(process, day, version))
}

/** A day on which nothing happened. */
export const emptyDayIsPublished: StepMaker = (life, random) => {
  const process = random.pick(PROCESSES)
  const days = random.sample(endedDays(life, process), random.int(1, 2)).toSorted()
  if (days.length === 0) return undefined
  const changes = days.map((day): Change => ({ process, day, out: undefined }))
  return publication(life, { source: batchOf(process), days, empty: true }, changes, 'first')
}

/** A day goes back to real time; one that is not out stays as it is. */
export const dayIsWithdrawn: StepMaker = (life, random) => {
  const process = random.pick(PROCESSES)
  const out = [...life.history.current.truth[process].keys()]
  const day = random.chance(0.1) || out.length === 0 ? random.pick(DAYS) : random.pick(out)
  return withdrawal(life, process, day, random.chance(0.3) ? 'peer' : 'first')
}

/** What no gateway may publish: a day that is not over, or a version that nobody wrote. */
export const publicationIsRefused: StepMaker = (life, random) => {
  const process = random.pick(PROCESSES)
  const source = batchOf(process)
  const today = dayAt(life.history.current.now, FORMS[process].zone)
  const [ended] = random.sample(endedDays(life, process), 1)
  if (ended === undefined) return undefined
  return random.chance(0.5)
    ? refusedPublication(life, { source, days: [ended, plus(today, random.int(0, 2))] }, 'DAY_NOT_OVER')
    : refusedPublication(life, { source, days: [ended], version: 1_000_000 }, 'NOTHING_STAGED')
}

const MOST_DAYS = 4

interface Chosen {
  readonly body: PublishBody
  readonly changes: readonly Change[]
}

function chooseVersion(life: Life, random: Random): Chosen | undefined {
  if (life.ledger.batches.length === 0) return undefined
  const batch = random.pick(random.chance(0.3) ? life.ledger.batches.slice(-4) : life.ledger.batches)
  const ended = endedDays(life, batch.process).filter((day) => batch.days.has(day))
  if (ended.length === 0) return undefined
  const days = random.sample(ended, random.int(1, MOST_DAYS))
  return { body: bodyOf(batch, days), changes: changesOf(life, batch, days) }
}

const bodyOf = ({ process, version }: Batch, days: readonly Day[]): PublishBody => ({
  source: batchOf(process),
  days,
  version,
})

const changesOf = ({ ledger }: Life, { process, version }: Batch, days: readonly Day[]): Change[] =>
  days.map((day) => ({ process, day, out: ledger.out(process, day, version) }))
