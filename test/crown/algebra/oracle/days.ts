import { type Day, dayAt, HOUR, plus, startOf } from '../../oracle/calendar.ts'
import type { Fact, Moment, ProcessModel } from '../model.ts'

/** The day-cross by its written rule: what a process gives of each of its business days. */
export type Finality = 'final' | 'provisional' | 'missing'

const WORST: readonly Finality[] = ['final', 'provisional', 'missing']

export function worse(a: Finality, b: Finality): Finality {
  return WORST.indexOf(a) >= WORST.indexOf(b) ? a : b
}

export class Days {
  readonly process: ProcessModel
  readonly today: Day
  readonly since: Day
  readonly now: number
  readonly #moment: Moment
  /** Facts of the days that can be read. */
  readonly facts: readonly Fact[]

  constructor(process: ProcessModel, moment: Moment, now: number) {
    this.process = process
    this.now = now
    this.today = dayAt(now, process.zone)
    this.since = moment.since.get(process.name) ?? ''
    this.#moment = moment
    this.facts = process.facts.filter(({ day }) => day >= this.since && this.of(day) !== 'missing')
  }

  of(day: Day): Finality {
    const { name, zone } = this.process
    if (day < this.since) return 'final'
    if (this.#moment.published.get(name)?.has(day) === true) return 'final'
    const kept = this.#moment.retentionDays.get(name)
    const isLive = kept === undefined || startOf(day, zone) >= this.now - kept * 24 * HOUR
    return isLive ? 'provisional' : 'missing'
  }

  /** The worst of the days that lie, with some part, in an interval; days to come are not read. */
  worstIn(from: number, to: number): Finality {
    let worst: Finality = 'final'
    const end = Math.min(to, startOf(plus(this.today, 1), this.process.zone))
    const { zone } = this.process
    let day = from <= startOf(this.since, zone) ? this.since : dayAt(from, zone)
    for (; startOf(day, zone) < end; day = plus(day, 1)) worst = worse(worst, this.of(day))
    return worst
  }

  get hasMissing(): boolean {
    return this.worstIn(-Infinity, Infinity) === 'missing'
  }
}
