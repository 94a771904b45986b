import { Fault } from '../../../src/base/faults.ts'
import type { Answer, Delivery } from '../../../src/gateway/answerTypes.ts'
import { AnswerCache, type Compute, FAILURE_MS, LIVE_MS } from '../../../src/gateway/cache/answerCache.ts'
import type { Random } from '../../support/random.ts'
import { keyOf, Laws, PLENTY } from './laws.ts'
import { type Ask, beginLaunch, type Item, linkLaunch, type Replica } from './replica.ts'
import { Shelf } from './shelf.ts'
import { Stores } from './stores.ts'
import { Timeline } from './timeline.ts'
import { preparedOf, TOPICS } from './topics.ts'
import { must, type Tell } from './worlds.ts'

/** One or two caches before stores whose truth changes, and callers who may hang up. */
export class CacheWorld {
  readonly timeline = new Timeline()
  readonly #random: Random
  readonly #tell: Tell
  readonly #asks: Ask[] = []
  readonly #stores: Stores
  readonly #laws: Laws
  readonly #shelf: Shelf
  readonly #replicas: readonly Replica[]
  #version = 1

  constructor(random: Random, tell: Tell) {
    this.#random = random
    this.#tell = tell
    this.#stores = new Stores(this.timeline, random.fork(), tell, (execution) => this.#laws.begun(execution))
    this.#laws = new Laws(this.timeline, this.#stores.tables, this.#stores.executions)
    this.#shelf = new Shelf(this.timeline, random.fork())
    const shares = random.chance(0.5)
    const count = shares && random.chance(0.7) ? 2 : 1
    this.#replicas = Array.from({ length: count }, (_, i) => this.#replica(`replica ${i}`, shares))
  }

  async step(): Promise<void> {
    const happen = this.#random.weighted<() => void>([
      [8, () => this.#ask()],
      [3, () => this.#hangUp()],
      [3, () => this.#stores.tables.write(this.#random.pick(['click_event', 'sale']))],
      [1, () => this.#publish()],
      [3, () => this.#door()],
      [1, () => this.#shelf.damage()],
      [1, () => this.#toggle()],
    ])
    happen()
    const pause = [0, 0, this.#random.int(1, 60), this.#random.int(60, FAILURE_MS), this.#random.int(300, 2500)]
    await this.timeline.pass(this.#random.pick(pause))
  }

  /** Lets everything come to its end. */
  async finish(): Promise<void> {
    await this.timeline.pass(60_000)
    const waiting = this.#asks.filter(({ isOver }) => !isOver)
    must(waiting.length === 0, () => `still wait: ${waiting.map(({ id }) => id).join()}`)
  }

  check(): void {
    must(this.#laws.broken.length === 0, () => this.#laws.broken.join('\n'))
    for (const { name, cache, bytes } of this.#replicas)
      must(cache.usage.bytes <= bytes, () => `${name} holds ${cache.usage.bytes} bytes of ${bytes}`)
  }

  #replica(name: string, shares: boolean): Replica {
    const offset = this.#random.int(0, 4_000_000) / 4
    const clock = (): number => this.timeline.now + offset
    const bytes = this.#random.pick([0, 8000, 16_000, PLENTY])
    const began = (keys: readonly string[]) => {
      const launch = beginLaunch(replica, keys, this.timeline)
      return () => linkLaunch(replica, launch)
    }
    const shared = shares ? this.#shelf.tier(clock, began) : undefined
    const cache = new AnswerCache({ bytes, clock, shared })
    const replica: Replica = {
      name,
      cache,
      bytes,
      shares,
      clock,
      version: 1,
      downUntil: -1,
      launches: [],
      linking: undefined,
    }
    return replica
  }

  #item(replica: Replica, seconds: number): Item {
    const topic = this.#random.pick(TOPICS)
    if (this.#random.chance(0.02)) return { topic, staleness: 0, prepared: new Fault('INVALID_RANGE', 'no such time') }
    const down = replica.downUntil > this.timeline.now
    return { topic, staleness: seconds * 1000, prepared: preparedOf(topic, seconds, replica.version, down) }
  }

  #ask(): void {
    const replica = this.#random.pick(this.#replicas)
    const seconds = this.#random.pick([0, 0, 0, 1, 3, 20])
    const items = Array.from({ length: this.#random.pick([1, 1, 2, 3, 5]) }, () => this.#item(replica, seconds))
    const controller = this.#random.chance(0.7) ? new AbortController() : undefined
    if (this.#random.chance(0.02)) controller?.abort()
    const times = this.#random.chance(0.2) ? 3 : 1
    for (let i = 0; i < times; i++) this.#call(replica, items, i === 0 ? controller : undefined)
  }

  #call(replica: Replica, items: readonly Item[], controller: AbortController | undefined): void {
    const { timeline } = this
    const ask: Ask = {
      id: this.#asks.length,
      replica,
      at: timeline.now,
      order: timeline.next(),
      items,
      controller,
      flying: new Set(),
      isOver: false,
      hungUp: false,
    }
    this.#asks.push(ask)
    const wanted = items.map(({ topic, staleness }) => `${topic.name}~${staleness}`)
    this.#tell(`${timeline.now} ask ${ask.id} at ${replica.name} v${replica.version}: ${wanted.join(' ')}`)
    const compute: Compute = (missing, signal) => this.#stores.compute(ask, missing, signal)
    replica.cache
      .answer(
        items.map(({ prepared }) => prepared),
        controller?.signal,
        compute,
      )
      .then(
        (outcomes) => {
          this.#laws.answered(ask, outcomes)
          this.#keepForms(replica, outcomes)
        },
        (error: unknown) => this.#laws.refused(ask, error),
      )
      .finally(() => {
        ask.isOver = true
      })
    const flying = replica.launches.filter(({ at, over }) => !over && at >= timeline.now - LIVE_MS)
    ask.flying = new Set(flying.flatMap(({ keys }) => keys))
  }

  #hangUp(): void {
    const waiting = this.#asks.filter(({ isOver, controller }) => !isOver && controller?.signal.aborted === false)
    if (waiting.length === 0) return
    const ask = this.#random.pick(waiting)
    this.#tell(`${this.timeline.now} ask ${ask.id} hangs up`)
    ask.hungUp = true
    ask.controller?.abort()
  }

  #publish(): void {
    this.#version++
    const version = this.#version
    for (const replica of this.#replicas) {
      this.timeline.after(this.#random.pick([0, 300]), () => {
        replica.version = Math.max(version, replica.version)
      })
    }
  }

  #toggle(): void {
    this.#shelf.away = !this.#shelf.away
  }

  /** What REST does first: bytes that it made of an answer before. */
  #door(): void {
    const replica = this.#random.pick(this.#replicas)
    const item = this.#item(replica, 0)
    const { prepared } = item
    if (prepared instanceof Fault) return
    const entry = replica.cache.fresh(prepared)
    if (entry === undefined) return
    this.#laws.fresh({ ...item, prepared }, replica, entry)
    const form = entry.forms.get('rows')
    const own = form === undefined || form.bytes.toString().trim() === entry.tag
    must(own, () => `a form of another answer of ${keyOf(item)}`)
    this.#keepForm(replica, replica.cache.deliveryOf(entry))
  }

  /** What REST does at last, perhaps when newer figures are there. */
  #keepForms(replica: Replica, outcomes: readonly (Answer | Fault)[]): void {
    for (const outcome of outcomes) {
      if (outcome instanceof Fault || this.#random.chance(0.7)) continue
      this.timeline.after(this.#random.pick([0, 0, 700]), () => this.#keepForm(replica, outcome.delivery))
    }
  }

  #keepForm({ cache }: Replica, delivery: Delivery): void {
    const { tag } = delivery
    cache.keepForm(delivery, 'rows', { tag, bytes: Buffer.from(tag.padEnd(this.#random.int(30, 900))) })
  }
}
