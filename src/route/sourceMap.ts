import type { Day } from '../base/time.ts'
import type { TimeGrain } from '../catalog/catalog.ts'
import type { Coverage } from './coverage.ts'
import { classesOf } from './coverageClass.ts'
import { cutsOf } from './cuts.ts'
import { readOffline, readRealtime, type Situation } from './dayRead.ts'
import type { DayRange, ReadTime } from './readTime.ts'
import type { ClassMap, Mapped, Read, RouteContext, Run } from './run.ts'
import { stretchesOf } from './stretches.ts'

/**
 * The source map: which business day is read from which source. One map per process and question, used by every column,
 * so that two columns of a row agree.
 *
 *   src(d) = EMPTY, final       d is before the first day of every batch source
 *          | OFFLINE(version)   every metric has a batch source that is complete for d and fine enough
 *          | REALTIME           d lies wholly in the retention of a stream whose store is up
 *          | MISSING            otherwise
 *
 * A map per day and not one boundary date: holes, late and out-of-order publications are then just days. Days of which
 * nothing can differ are looked at once.
 */
export function mapSources(situation: Situation): ClassMap[] {
  const { classes, moved } = situation
  const runs = classes.map((): Run[] => [])
  for (const stretch of stretchesOf(situation)) {
    const day = stretch.firstDay
    const offline = classes.map((each) => readOffline(each, day, situation))
    const level = !moved.has(day) && classes.every(({ batch }, i) => batch.length === 0 || offline[i] !== undefined)
    for (const [i, each] of classes.entries()) {
      const mapped = level && offline[i] !== undefined ? offline[i] : readRealtime(each, day, offline[i], situation)
      append(runs[i] ?? [], stretch, mapped)
    }
  }
  return classes.map((each, i) => ({ coverage: each.members, runs: runs[i] ?? [] }))
}

const NO_DAYS: ReadonlySet<Day> = new Set()

/** What decides where the days of a process are read from, no day of which is moved. */
export function situationOf(
  coverages: readonly Coverage[],
  time: ReadTime,
  context: RouteContext,
  cutsFor = cutsOf,
): Situation {
  const classes = classesOf(coverages, context.snapshot)
  return { classes, time, context, cuts: cutsFor(time, finestMoment(coverages)), moved: NO_DAYS }
}

/** How finely moments of snapshots are told apart. */
function finestMoment(coverages: readonly Coverage[]): TimeGrain {
  const grains = coverages.map(({ request }) => request.metric.snapshot?.grain)
  return grains.includes('minute') ? 'minute' : grains.includes('hour') ? 'hour' : 'day'
}

/** Extends the last run by days that are read alike, or begins another. */
function append(runs: Run[], { firstDay, lastDay }: DayRange, mapped: Mapped): void {
  const last = runs.at(-1)
  if (last !== undefined && last.lastDay === firstDay - 1 && isAlike(last, mapped)) {
    runs[runs.length - 1] = { ...last, lastDay }
  } else runs.push({ firstDay, lastDay, ...mapped })
}

function isAlike(a: Mapped, b: Mapped): boolean {
  return a.finality === b.finality && a.reason === b.reason && sameRead(a.read, b.read)
}

function sameRead(a: Read, b: Read): boolean {
  if (a.kind === 'offline' && b.kind === 'offline') {
    return a.candidate.source === b.candidate.source && a.version === b.version
  }
  if (a.kind === 'realtime' && b.kind === 'realtime') return a.candidate.source === b.candidate.source
  return a.kind === b.kind
}
