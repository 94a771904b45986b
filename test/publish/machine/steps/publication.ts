import type { Day } from '../../../crown/oracle/calendar.ts'
import { listed, type PublishBody, type PublishedDay, publish, type Told, withdraw } from '../doors.ts'
import { processOf } from '../ledger.ts'
import type { Life } from '../life.ts'
import { batchOf, type ProcessName } from '../mill.ts'
import { emptyOf, type Manifest, NO_ROWS, type Out, sameManifest, type WorldState, withDays } from '../state.ts'
import type { Loss } from '../switchable.ts'
import { Misstep, type Step } from './step.ts'
import { untilSeen } from './trouble.ts'

/** A day that a publication puts out; undefined stands for an empty version, whose number the gateway chooses. */
export interface Change {
  readonly process: ProcessName
  readonly day: Day
  readonly out: Out | undefined
}

/** Which gateway is told to. */
export type By = 'first' | 'peer'

/** A publication that goes through, unless something that it needs is down. It tells of every day, also of what was out already. */
export function publication(life: Life, body: PublishBody, changes: readonly Change[], by: By): Step {
  return {
    name: `publish by ${by}: ${JSON.stringify(body)}`,
    async run() {
      const told = await publish(life[by].app, body)
      if (told.status === 503) return unchanged(life, by)
      requireStatus(told, 200)
      const { truth } = life.history.current
      const published: readonly PublishedDay[] = told.body.published
      const next = applied(truth, changes, published)
      requireSame(
        published.map(({ source, day, version }) => `${source} ${day} ${version}`),
        changes.map(({ process, day }) => `${batchOf(process)} ${day} ${next[process].get(day)?.version}`),
      )
      return seen(life, by, next)
    },
  }
}

/** The gateway's connection is lost on the way: all of it was done or nothing, whatever the gateway could say. */
export function lossyPublication(
  life: Life,
  body: PublishBody,
  changes: readonly Change[],
  { left, how }: { readonly left: number; readonly how: Loss },
): Step {
  return {
    name: `publish, lost ${how} ${left}: ${JSON.stringify(body)}`,
    async run() {
      const { truth } = life.history.current
      life.control.loseAfter(left, how)
      const told = await publish(life.first.app, body)
      life.control.on()
      const found = await truthNow(life)
      const next = applied(truth, changes, [])
      if (told.status !== 503) requireStatus(told, 200)
      if (sameManifest(found, next)) return seen(life, 'peer', next)
      if (told.status === 503 && sameManifest(found, truth)) return seen(life, 'peer', truth)
      throw new Misstep('a publication that was cut is neither undone nor done')
    },
  }
}

/** A publication that no gateway takes, and that changes nothing. */
export function refusedPublication(life: Life, body: PublishBody, code: string, by: By = 'first'): Step {
  return {
    name: `publish ${JSON.stringify(body)}: ${code}`,
    async run() {
      const told = await publish(life[by].app, body)
      if (told.status === 503) return unchanged(life, by)
      requireStatus(told, 409)
      if (told.body.code !== code) throw new Misstep(`${told.body.code} instead of ${code}`)
      return life.history.current
    },
  }
}

/** A day is taken back; one that is not out stays so. */
export function withdrawal(life: Life, process: ProcessName, day: Day, by: By): Step {
  return {
    name: `withdraw by ${by}: ${batchOf(process)} ${day}`,
    async run() {
      const told = await withdraw(life[by].app, batchOf(process), day)
      if (told.status === 503) return unchanged(life, by)
      requireStatus(told, 200)
      const { truth } = life.history.current
      if (told.body.withdrawn !== truth[process].has(day)) throw new Misstep(`withdrawn: ${told.body.withdrawn}`)
      return seen(life, by, withDays(truth, process, [[day, undefined]]))
    },
  }
}

function applied(before: Manifest, changes: readonly Change[], published: readonly PublishedDay[]): Manifest {
  let next = before
  for (const { process, day, out } of changes) {
    const named = published.find((each) => each.source === batchOf(process) && each.day === day)
    const made = out ?? { version: named?.version ?? 0, rows: NO_ROWS }
    if (next[process].get(day)?.version !== made.version) next = withDays(next, process, [[day, made]])
  }
  return next
}

/** The state once the first gateway has heard of a change; it does not while it can't reach the control database. */
async function seen(life: Life, by: By, truth: Manifest): Promise<WorldState> {
  const { current } = life.history
  if (life.control.isOff) return { ...current, truth }
  if (by === 'peer') await untilSeen(life)
  return { ...current, truth, known: truth }
}

/** A gateway said that it can't: then something of it is down, and nothing has happened. */
async function unchanged(life: Life, by: By): Promise<WorldState> {
  const { current } = life.history
  if (!current.offlineDown && !(by === 'first' && life.control.isOff)) throw new Misstep('nothing is down')
  if (!sameManifest(await truthNow(life), current.truth)) throw new Misstep('refused and done all the same')
  return current
}

/** What is out by the list of the peer. Its versions alone; the rows are not told. */
async function truthNow({ peer, ledger }: Life): Promise<Manifest> {
  let found: Manifest = emptyOf()
  for (const { source, day, version } of await listed(peer.app, 'published')) {
    const process = processOf(source)
    const out = ledger.out(process, day, version) ?? { version, rows: NO_ROWS }
    found = withDays(found, process, [[day, out]])
  }
  return found
}

function requireStatus({ status, body }: Told, wanted: number): void {
  if (status !== wanted) throw new Misstep(`${status} instead of ${wanted}: ${JSON.stringify(body)}`)
}

function requireSame(got: readonly string[], wanted: readonly string[]): void {
  const [left, right] = [got, wanted].map((texts) => JSON.stringify(texts.toSorted()))
  if (left !== right) throw new Misstep(`published ${left} instead of ${right}`)
}
