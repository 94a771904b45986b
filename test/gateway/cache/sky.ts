import { Fault } from '../../../src/base/faults.ts'
import { Flights } from '../../../src/gateway/cache/flights.ts'
import type { Random } from '../../support/random.ts'
import { must, type Tell } from './worlds.ts'

/** What a waiter has got so far. */
type Got = 'waits' | 'CLIENT_CLOSED' | `landed ${string}` | `failed ${string}`

interface Waiter {
  readonly name: string
  readonly controller: AbortController | undefined
  readonly group: Group
  /** What the model says it has got. */
  due: Got
  got: Got
}

/** One execution as the model sees it. */
interface Group {
  readonly name: string
  readonly keys: readonly string[]
  readonly bornAt: number
  readonly attended: boolean
  readonly landing: PromiseWithResolvers<ReadonlyMap<string, string>>
  /** What Flights handed to the work. */
  signal: AbortSignal | undefined
  state: 'flying' | 'over' | 'aborted'
}

const KEYS = ['a', 'b', 'c', 'd']

/** Flights beside a model of them that knows callers by name and counts nothing. */
export class Sky {
  readonly #random: Random
  readonly #tell: Tell
  readonly #flights: Flights<string>
  readonly #groups: Group[] = []
  readonly #waiters: Waiter[] = []
  /** The execution that a key can be joined to. */
  readonly #open = new Map<string, Group>()
  #now = 0

  constructor(random: Random, tell: Tell) {
    this.#random = random
    this.#tell = tell
    this.#flights = new Flights(() => this.#now)
  }

  /** Does something that may happen now. */
  step(): void {
    const happen = this.#random.weighted<() => void>([
      [3, () => this.#launch()],
      [5, () => this.#join()],
      [4, () => this.#leave()],
      [2, () => this.#end(this.#land)],
      [1, () => this.#end(this.#fail)],
      [1, () => this.#end(this.#landShort)],
      [2, () => this.#pass()],
    ])
    happen()
  }

  /** Ends whatever still goes on. */
  finish(): void {
    for (const group of this.#groups) if (group.state === 'flying') this.#land(group)
  }

  /** Throws where Flights and the model differ. */
  check(): void {
    for (const { name, due, got } of this.#waiters) must(got === due, () => `${name} has "${got}" instead of "${due}"`)
    for (const { name, signal, state } of this.#groups) {
      must(signal !== undefined, () => `${name} did not begin`)
      must(signal?.aborted === (state === 'aborted'), () => `${name} is ${state} and its signal is ${signal?.aborted}`)
    }
    must(this.#flights.size === this.#open.size, () => `${this.#flights.size} keys fly instead of ${this.#open.size}`)
    for (const key of KEYS) {
      for (const since of [this.#now - 1000, this.#now - 5, this.#now]) {
        const flying = (this.#open.get(key)?.bornAt ?? Number.NEGATIVE_INFINITY) >= since
        must(this.#flights.isFlying(key, since) === flying, () => `${key} since ${since} should fly: ${flying}`)
      }
    }
  }

  #launch(): void {
    const keys = this.#random.sample(KEYS, this.#random.int(1, 3))
    const caller = this.#caller()
    const attended = this.#random.chance(0.8)
    const group: Group = {
      name: `flight ${this.#groups.length}`,
      keys,
      bornAt: this.#now,
      attended,
      landing: Promise.withResolvers(),
      signal: undefined,
      state: 'flying',
    }
    this.#tell(`${this.#now} ${group.name} of ${keys.join()} for ${attended ? caller.name : 'nobody'}`)
    this.#groups.push(group)
    for (const key of keys) this.#open.set(key, group)
    const work = (signal: AbortSignal): Promise<ReadonlyMap<string, string>> => {
      group.signal = signal
      return group.landing.promise
    }
    const promises = this.#flights.launch(keys, work, attended ? { signal: caller.controller?.signal } : undefined)
    must(promises.length === (attended ? keys.length : 0), () => `${group.name} promised ${promises.length} outcomes`)
    for (const promise of promises) this.#wait(caller, group, promise)
    if (attended && caller.controller?.signal.aborted === true) this.#left(group)
  }

  #join(): void {
    const key = this.#random.pick(KEYS)
    const since = this.#now - this.#random.pick([0, 1, 5, 20, 1000])
    const caller = this.#caller()
    const open = this.#open.get(key)
    const joinable = open !== undefined && open.bornAt >= since ? open : undefined
    this.#tell(`${this.#now} ${caller.name} joins ${key} since ${since}: ${joinable?.name ?? 'none'}`)
    const promise = this.#flights.join(key, since, caller.controller?.signal)
    must((promise !== undefined) === (joinable !== undefined), () => `${caller.name} joined ${key} or not, wrongly`)
    if (promise !== undefined && joinable !== undefined) this.#wait(caller, joinable, promise)
  }

  #caller(): Pick<Waiter, 'name' | 'controller'> {
    const controller = this.#random.chance(0.8) ? new AbortController() : undefined
    const gone = controller !== undefined && this.#random.chance(0.1)
    if (gone) controller.abort()
    return { name: `caller ${this.#waiters.length}${gone ? ', gone,' : ''}`, controller }
  }

  #wait({ name, controller }: Pick<Waiter, 'name' | 'controller'>, group: Group, promise: Promise<string>): void {
    const due = controller?.signal.aborted === true ? 'CLIENT_CLOSED' : 'waits'
    const waiter: Waiter = { name, controller, group, due, got: 'waits' }
    this.#waiters.push(waiter)
    const receive = (got: Got): void => {
      waiter.got = got
    }
    promise.then(
      (value) => receive(`landed ${value.slice(1)}`),
      (error: unknown) => receive(error instanceof Fault ? 'CLIENT_CLOSED' : `failed ${String(error)}`),
    )
  }

  #leave(): void {
    const waiting = this.#waiters.filter(({ due, controller }) => due === 'waits' && controller !== undefined)
    if (waiting.length === 0) return
    const { controller, name, group } = this.#random.pick(waiting)
    this.#tell(`${this.#now} ${name} leaves ${group.name}`)
    controller?.abort()
    for (const waiter of this.#waiters) {
      if (waiter.controller === controller && waiter.due === 'waits') waiter.due = 'CLIENT_CLOSED'
    }
    this.#left(group)
  }

  /** The model's law: work that callers wait for ends when none of them is left. */
  #left(group: Group): void {
    if (!group.attended || group.state !== 'flying') return
    if (this.#waiters.some((waiter) => waiter.group === group && waiter.due === 'waits')) return
    group.state = 'aborted'
    this.#close(group)
  }

  /** Work ends some time, also work that was told to. */
  #end(how: (group: Group) => void): void {
    const running = this.#groups.filter(({ state }) => state !== 'over')
    if (running.length > 0) how.call(this, this.#random.pick(running))
  }

  #land(group: Group): void {
    this.#over(group, `landed of ${group.name}`)
    group.landing.resolve(new Map(group.keys.map((key) => [key, `${key}of ${group.name}`])))
  }

  #fail(group: Group): void {
    this.#over(group, `failed Error: ${group.name}`)
    group.landing.reject(new Error(group.name))
  }

  #landShort(group: Group): void {
    this.#over(group, 'failed TypeError: a flight landed without an outcome')
    group.landing.resolve(new Map())
  }

  #over(group: Group, due: Got): void {
    this.#tell(`${this.#now} ${group.name} ${due}`)
    for (const waiter of this.#waiters) if (waiter.group === group && waiter.due === 'waits') waiter.due = due
    if (group.state === 'flying') group.state = 'over'
    this.#close(group)
  }

  #close(group: Group): void {
    for (const key of group.keys) if (this.#open.get(key) === group) this.#open.delete(key)
  }

  #pass(): void {
    this.#now += this.#random.pick([1, 3, 10, 400])
  }
}
