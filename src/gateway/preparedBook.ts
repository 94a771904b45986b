import { LRUCache } from 'lru-cache'
import type { Question } from '../query/question.ts'
import { type PrepareContext, type Prepared, prepare } from './prepare.ts'

const MOST_PREPARED = 5000
const MINUTE_MS = 60_000

interface Known {
  readonly prepared: Prepared
  readonly situation: PrepareContext
}

/**
 * Prepared questions, so that one asked again is not planned again. What preparing takes from the clock (phrases of
 * ranges, the end of today, retention) moves at whole minutes only: within a minute, with the same catalog, snapshot
 * and stores down, the same question by the same scope is prepared alike.
 */
export class PreparedBook {
  readonly #known = new LRUCache<string, Known>({ max: MOST_PREPARED })
  readonly #ids = new WeakMap<object, number>()
  #lastId = 0

  /** The question, prepared in a situation. Faults as `prepare` does. */
  prepare(asked: Question, context: PrepareContext): Prepared {
    const prepared = this.known(asked, context)
    return { ...prepared, question: { ...prepared.question, now: context.now } }
  }

  /** As `prepare`; but its `now` may be that of an earlier moment of the minute. */
  known(asked: Question, context: PrepareContext): Prepared {
    const key = `${this.#idOf(asked)}${context.scope.length === 0 ? '' : JSON.stringify(context.scope)}`
    const known = this.#known.get(key)
    if (known !== undefined && isAlike(known.situation, context)) return known.prepared
    const prepared = prepare(asked, context)
    this.#known.set(key, { prepared, situation: context })
    return prepared
  }

  /** Doors keep the questions they have read: one object is one question. */
  #idOf(asked: Question): number {
    const id = this.#ids.get(asked) ?? ++this.#lastId
    this.#ids.set(asked, id)
    return id
  }
}

function isAlike(a: PrepareContext, b: PrepareContext): boolean {
  return (
    a.catalog === b.catalog &&
    a.calendars === b.calendars &&
    a.snapshot === b.snapshot &&
    a.silent === b.silent &&
    minuteOf(a.now) === minuteOf(b.now) &&
    sameSet(a.down, b.down)
  )
}

/** A minute's first instant counts apart: a limit that lies on it is open on one side. */
function minuteOf(now: number): number {
  return Math.floor(now / MINUTE_MS) + Math.ceil(now / MINUTE_MS)
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && a.isSubsetOf(b)
}
