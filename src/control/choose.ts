import { Fault, faultDetail } from '../base/faults.ts'
import type { Audited } from './audit.ts'
import type { WantedDay } from './port.ts'
import type { Landed, LookedAt } from './publicationTable.ts'

/** The version that a wanted day shall show. */
export interface Chosen {
  readonly wanted: WantedDay
  readonly version: number
  /** The version that was out when the publisher was asked. */
  readonly live: number | null
  /** The same run has published the day before: nothing is left to do. */
  readonly isDone: boolean
  readonly isStaged: boolean
  readonly expected: Audited['expected']
  /** Of a table without versions: what its rows came to when they were published. */
  readonly liveChecksum: string | undefined
}

/** No writer gives a version this number: it has no rows, of whatever day. */
const EMPTY_VERSION = 0

/** Chooses a version for each day. Faults: NOTHING_STAGED, CONFLICT. */
export function choose(wanted: readonly WantedDay[], looked: readonly LookedAt[], run: string | null): Chosen[] {
  const chosen = wanted.map((each, i) => chooseOne(each, looked[i] ?? missing(), run))
  const lacking = wanted.flatMap((each, i) =>
    chosen[i] === undefined ? [{ source: each.source.name, day: each.day, live: looked[i]?.live ?? null }] : [],
  )
  if (lacking.length > 0) throw nothingStaged(lacking)
  return chosen.flatMap((each) => each ?? [])
}

function chooseOne(wanted: WantedDay, looked: LookedAt, run: string | null): Chosen | undefined {
  const { live, done } = looked
  if (done !== null) return doneBefore(wanted, { ...looked, done }, run)
  const none = { wanted, live, isDone: false, isStaged: false, expected: {}, liveChecksum: undefined }
  if (wanted.source.version === undefined) return ofPlainTable(wanted, looked)
  if (wanted.empty) return { ...none, version: EMPTY_VERSION, expected: { rowCount: 0 } }
  if (looked.dropping) throw dropped(wanted, looked)
  if (looked.version !== null) {
    return { ...none, version: looked.version, isStaged: true, expected: recorded(looked) }
  }
  // A version that nobody staged is looked at now.
  return wanted.version === undefined ? undefined : { ...none, version: wanted.version }
}

/** Each publication of a table without versions has a number of its own, so that what was kept of it is not used again. */
function ofPlainTable(wanted: WantedDay, { live, liveChecksum, newest }: LookedAt): Chosen {
  if (wanted.version !== undefined) {
    const message = `"${wanted.source.name}" has no version column; leave "version" out.`
    throw Fault.at([faultDetail('INVALID_VALUE', wanted.pointer, message)])
  }
  return {
    ...{ wanted, live, isDone: false, isStaged: false, version: (newest ?? 0) + 1 },
    expected: wanted.empty ? { rowCount: 0 } : {},
    liveChecksum: liveChecksum ?? undefined,
  }
}

function doneBefore(wanted: WantedDay, looked: LookedAt & { readonly done: number }, run: string | null): Chosen {
  const isOther = (wanted.version ?? looked.done) !== looked.done || (wanted.empty && looked.done !== EMPTY_VERSION)
  if (isOther && wanted.source.version !== undefined) {
    const message = `The run ${run} has published version ${looked.done} of ${wanted.source.name} of ${wanted.day} before; anything else is another run.`
    throw Fault.at([faultDetail('CONFLICT', wanted.pointer, message)])
  }
  const { done: version, live } = looked
  return { wanted, version, live, isDone: true, isStaged: true, expected: {}, liveChecksum: undefined }
}

/** What was recorded of a version. One that readers have seen is read as the catalog reads today, like every day that is out. */
function recorded({ rowCount, checksum, columns, sourceHash, shown }: LookedAt): Audited['expected'] {
  return {
    ...(rowCount === null ? {} : { rowCount }),
    ...(checksum === null ? {} : { checksum }),
    ...(columns === null ? {} : { columns }),
    ...(sourceHash === null || shown === true ? {} : { sourceHash }),
  }
}

function dropped({ source, day, pointer }: WantedDay, { version }: LookedAt): Fault {
  const message = `Version ${version} of ${source.name} of ${day} was dropped; write its rows as a new version.`
  return Fault.at([faultDetail('CONFLICT', pointer, message)])
}

/** Faults of days that another publisher has changed meanwhile. */
export function lostTo(lost: NonNullable<Landed['lost']>): Fault {
  return Fault.at(
    lost.slice(0, 20).map(({ source, day, live }) => {
      const shows = live === null ? 'nothing published' : `version ${live}`
      return faultDetail('CONFLICT', '/days', `Another publisher was faster: ${source} shows ${shows} of ${day} now.`)
    }),
  )
}

/** Faults of days that have no version to be published. */
export function nothingStaged(days: readonly { source: string; day: string; live?: number | null }[]): Fault {
  return Fault.at(
    days.slice(0, 20).map(({ source, day, live }) => {
      const known = live === undefined || live === null ? '' : `; version ${live} of it is out`
      const message = `${source} has no such staged version of ${day}${known}. Write its rows and stage them first.`
      return faultDetail('NOTHING_STAGED', '/days', message)
    }),
  )
}

function missing(): never {
  throw new TypeError('a day was not looked at')
}
