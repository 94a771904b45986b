import { Fault } from '../../../src/base/faults.ts'
import type { Answer, Figures } from '../../../src/gateway/answerTypes.ts'
import { FAILURE_MS, LIVE_MS } from '../../../src/gateway/cache/answerCache.ts'
import type { Entry } from '../../../src/gateway/cache/entry.ts'
import { pack, tagOf, unpack } from '../../../src/gateway/cache/pack.ts'
import type { Prepared } from '../../../src/gateway/prepare.ts'
import { type Execution, type Facts, factsOf, type Tables } from './executions.ts'
import type { Ask, Item, Replica } from './replica.ts'
import { SLOWEST_READ } from './shelf.ts'
import type { Timeline } from './timeline.ts'
import type { Topic } from './topics.ts'

/** Failures of stores, which are told again for a while; any other is found anew. */
const REMEMBERED = ['STORE_DOWN', 'STORE_FAILED', 'DEADLINE', 'OVER_BUDGET']

/** Bytes that no world fills. */
export const PLENTY = 1_000_000

/** What is promised of every answer; whatever breaks it is kept in `broken`. */
export class Laws {
  readonly broken: string[] = []
  readonly #timeline: Timeline
  readonly #tables: Tables
  readonly #executions: readonly Execution[]
  /** By id: the execution and the key that it stands for. */
  readonly #queries = new Map<string, string>()

  constructor(timeline: Timeline, tables: Tables, executions: readonly Execution[]) {
    this.#timeline = timeline
    this.#tables = tables
    this.#executions = executions
  }

  /** Judges what a call was answered with. */
  answered(ask: Ask, outcomes: readonly (Answer | Fault)[]): void {
    this.#law(ask, 'as many outcomes as questions', outcomes.length === ask.items.length)
    this.#law(ask, 'who has hung up gets no answer', !ask.hungUp)
    for (const [i, item] of ask.items.entries()) {
      const outcome = outcomes[i]
      if (item.prepared instanceof Fault) this.#law(ask, 'a refused question stays refused', outcome === item.prepared)
      else if (outcome instanceof Fault) this.#failed(ask, item.prepared, outcome)
      else if (outcome !== undefined) this.#given(ask, item, item.prepared, outcome)
    }
    this.#once(ask, outcomes)
  }

  /** Judges that an execution is begun: nobody reads what is being read anyway, and began young enough for anyone. */
  begun({ id, ask, launch, rivals }: Execution): void {
    const rival = [...rivals.values()].flat().find((each) => each.launch.at >= launch.at - LIVE_MS)
    this.#law(ask, `execution ${id} begins beside ${rival?.id}`, rival === undefined)
  }

  /** Judges why a call was refused as a whole: its caller has gone, or something broke. */
  refused(ask: Ask, error: unknown): void {
    if (error instanceof Fault && error.code === 'CLIENT_CLOSED') {
      this.#law(ask, 'CLIENT_CLOSED is for who hung up', ask.controller?.signal.aborted === true)
      return
    }
    const execution = this.#executions[Number(/execution (\d+)/.exec(String(error))?.[1])]
    this.#law(ask, `${error} is of what was waited for`, execution !== undefined && !isBefore(execution, ask))
  }

  /** Judges what a door is given without asking. */
  fresh({ topic, prepared }: Omit<Item, 'prepared'> & { prepared: Prepared }, replica: Replica, entry: Entry): void {
    const facts = factsOf(unpack(entry.packed))
    const name = `fresh ${topic.name} at ${replica.name}`
    this.#law(name, 'its age is live', entry.pinned || replica.clock() - entry.bornAt < LIVE_MS)
    this.#law(name, 'its tag is of its bytes', entry.tag === tagOf(entry.packed))
    this.#law(name, 'it is pinned or not, as asked', entry.pinned === prepared.pinned)
    this.#current(name, topic, prepared, facts, this.#timeline.now - LIVE_MS)
  }

  /** Of the questions that one execution of the call's own has answered alike, one says that it was for it. */
  #once(ask: Ask, outcomes: readonly (Answer | Fault)[]): void {
    const own = outcomes.flatMap((outcome) => {
      if (outcome instanceof Fault || outcome.delivery.outcome !== 'miss') return []
      const { execution } = factsOf(outcome)
      return this.#executions[execution]?.ask === ask ? [{ ...outcome.delivery, execution }] : []
    })
    for (const alike of Map.groupBy(own, ({ execution, key }) => `${execution} ${key}`).values()) {
      this.#law(ask, 'its own execution was for one', alike.filter(({ collapsed }) => !collapsed).length === 1)
    }
  }

  #failed(ask: Ask, { key }: Prepared, fault: Fault): void {
    const execution = this.#executions[Number(/execution (\d+)/.exec(fault.message)?.[1])]
    this.#law(ask, `${fault.code} comes of an execution`, execution?.endings.get(key) === fault.code)
    if (execution === undefined) return
    this.#law(ask, `${fault.code} comes of its own replica`, execution.replica === ask.replica)
    const aborted = execution.abortOrder < Number.POSITIVE_INFINITY
    this.#law(ask, 'nobody waits for what was aborted', isBefore(execution, ask) || !aborted)
    if (isBefore(execution, ask)) {
      this.#law(ask, `${fault.code} is remembered`, REMEMBERED.includes(fault.code))
      this.#law(ask, `${fault.code} is forgotten in time`, execution.endedAt + FAILURE_MS > ask.at)
    } else this.#needed(ask, key, execution, this.#allowed(ask, key))
  }

  #given(ask: Ask, { topic, staleness }: Item, prepared: Prepared, answer: Answer): void {
    const { outcome, collapsed, age, key, tag, pinned } = answer.delivery
    const facts = factsOf(answer)
    const execution = this.#executions[facts.execution]
    if (execution === undefined) throw new Error('an answer of no execution')
    const around = key !== prepared.key
    const before = execution.replica !== ask.replica || isBefore(execution, ask)
    const allowed = Math.max(LIVE_MS, staleness)
    if (around) {
      this.#law(ask, 'only who waited is answered around', !before && execution.endings.get(prepared.key) === 'around')
      this.#law(ask, 'around is pinned', pinned && facts.wrote === -1 && facts.version === prepared.snapshot.epoch)
    } else {
      this.#law(ask, 'it is pinned or not, as asked', pinned === prepared.pinned)
      this.#current(ask, topic, prepared, facts, ask.at - allowed)
      if (!pinned) this.#law(ask, 'it is as young as promised', execution.beganAt >= ask.at - allowed)
    }
    // Over the shelf comes also what was finished after the call.
    const shelved = outcome === 'hit' && ask.replica.shares
    const aborted = execution.abortOrder < Number.POSITIVE_INFINITY
    this.#law(ask, 'nobody waits for what was aborted', outcome !== 'miss' || !aborted)
    this.#law(ask, 'the tag is of the figures', tag === tagOf(pack(figuresAlone(answer))))
    this.#law(ask, 'the receipt tells the outcome', answer.receipt.cache === outcome)
    this.#named(ask, `${facts.execution} ${key}`, answer.receipt.queryId)
    this.#law(ask, `a ${outcome} was ${before ? 'known' : 'waited for'}`, shelved || (outcome === 'miss') === !before)
    this.#aged(ask, execution, age, shelved || (before && ask.replica.shares))
    if (outcome === 'stale') this.#stale(ask, prepared, staleness, execution)
    if (outcome !== 'miss' && !ask.replica.shares && ask.replica.bytes === PLENTY) this.#newest(ask, key, execution)
    if (outcome === 'hit' && !ask.replica.shares) {
      this.#law(ask, 'a hit is live', pinned || ask.at - execution.beganAt < LIVE_MS)
      this.#law(ask, 'a hit is nobody else`s flight', !collapsed)
    }
    if (outcome === 'miss' && execution.ask !== ask) this.#law(ask, 'it was collapsed with another`s', collapsed)
    if (outcome === 'miss') this.#needed(ask, prepared.key, execution, this.#allowed(ask, prepared.key))
  }

  /** The value stood in the world at `since` or later; a version is the very one that was asked. */
  #current(who: Ask | string, topic: Topic, prepared: Prepared, facts: Facts, since: number): void {
    this.#law(who, `${facts.topic} is what was asked`, facts.topic === topic.name)
    if (topic.versioned) {
      const { epoch } = prepared.snapshot
      this.#law(who, `version ${facts.version} is ${epoch}`, facts.version === epoch)
    }
    if (prepared.pinned || topic.table === undefined) return
    const until = this.#tables.overwritten(topic.table, facts.wrote)
    this.#law(who, `written ${facts.wrote}, over at ${until}, holds since ${since}`, until >= since)
  }

  /** The age is that of the figures at the reply; over the shelf it may be told a little greater, never less. */
  #aged(ask: Ask, { beganAt }: Execution, age: number, shared: boolean): void {
    const least = (ask.items.length === 1 ? this.#timeline.now : ask.at) - beganAt
    const most = this.#timeline.now - beganAt + (shared ? SLOWEST_READ + 1 : 0)
    this.#law(ask, `age ${age} is of ${least}..${most}`, age >= least && age <= most)
  }

  #stale(ask: Ask, { key, pinned }: Prepared, staleness: number, { beganAt }: Execution): void {
    const past = ask.replica.shares ? SLOWEST_READ + 1 : 0
    this.#law(ask, 'stale is live no more', !pinned && this.#timeline.now - beganAt + past >= LIVE_MS)
    this.#law(ask, 'stale was asked for', staleness > LIVE_MS && beganAt > ask.at - staleness)
    this.#law(ask, 'what is stale is read anew', ask.flying.has(key) || this.#failedJustNow(ask, key))
  }

  /** A failure is remembered: what is stale is not read anew while it is. */
  #failedJustNow(ask: Ask, key: string): boolean {
    return this.#executions.some(({ replica, endings, endedAt }) => {
      const ending = endings.get(key)
      const failed = ending === 'STORE_FAILED' || ending === 'DEADLINE'
      return failed && replica === ask.replica && endedAt <= ask.at && endedAt + FAILURE_MS > ask.at
    })
  }

  /** All who get what one execution gave to one question hold one id, and nobody else holds it. */
  #named(ask: Ask, what: string, queryId: string): void {
    const named = this.#queries.get(queryId) ?? what
    const known = [...this.#queries.values()].filter((each) => each === what).length > 0
    this.#law(ask, `the receipt bears the id of ${what}`, named === what && (!known || this.#queries.has(queryId)))
    this.#queries.set(queryId, what)
  }

  /** What began earlier never takes the place of what began later. */
  #newest(ask: Ask, key: string, { replica, beganAt }: Execution): void {
    const newer = this.#executions.find(
      (each) =>
        each.replica === replica && isBefore(each, ask) && each.endings.get(key) === 'ok' && each.beganAt > beganAt,
    )
    this.#law(ask, `execution ${newer?.id} was newer`, newer === undefined)
  }

  /** An execution of a caller's own was begun because nothing there would have done. */
  #needed(ask: Ask, key: string, execution: Execution, allowed: number): void {
    if (execution.ask !== ask || execution.launch.at !== ask.at) return
    const rival = execution.rivals.get(key)?.find(({ launch }) => launch.at >= ask.at - allowed)
    this.#law(ask, `execution ${execution.id} beside ${rival?.id}`, rival === undefined)
    const failure = execution.failures.get(key)
    this.#law(ask, `execution ${execution.id} soon after ${failure?.id} had failed`, failure === undefined)
  }

  #allowed({ items }: Ask, key: string): number {
    const [item] = items.filter((each) => keyOf(each) === key)
    const pinned = item?.prepared instanceof Fault ? false : item?.prepared.pinned
    return pinned === true ? Number.POSITIVE_INFINITY : Math.max(LIVE_MS, item?.staleness ?? 0)
  }

  #law(who: Ask | string, what: string, holds: boolean): void {
    if (!holds)
      this.broken.push(`${this.#timeline.now} ${typeof who === 'string' ? who : `ask ${who.id}`}: not so: ${what}`)
  }
}

/** What an item's answer is kept under; nothing for one that was refused beforehand. */
export function keyOf({ prepared }: Item): string | undefined {
  return prepared instanceof Fault ? undefined : prepared.key
}

/** An answer without what is its caller's own. */
function figuresAlone({ receipt, delivery, ...figures }: Answer): Figures {
  return figures
}

function isBefore({ endOrder }: Execution, { order }: Ask): boolean {
  return endOrder < order
}
