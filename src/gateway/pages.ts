import { hash, randomUUID } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { Fault, faultDetail } from '../base/faults.ts'
import { toJson } from '../merge/value.ts'
import type { Answer, Figures } from './answerTypes.ts'
import type { Prepared } from './prepare.ts'
import { receiptOf } from './receipt.ts'

/** How long a result waits for its next page, and how many cells wait together. */
const KEPT_MS = 600_000
const MOST_CELLS = 20_000_000
/** Beyond these a result is told apart by a name of its own and not by what it holds. */
const MOST_HASHED = 500_000
const DEFAULT_ROWS = 50_000

interface Kept {
  readonly figures: Figures
  readonly prepared: Prepared
  readonly scope: string
  readonly queryId: string
}

/**
 * Results that are longer than their answer: every page is cut from one of them, so that no set of pages mixes two
 * states of the data. They wait for a while in this process; a cursor whose result is gone is answered with 409.
 */
export class Pages {
  readonly #kept = new LRUCache<string, Kept>({
    max: 1000,
    maxSize: MOST_CELLS,
    ttl: KEPT_MS,
    sizeCalculation: ({ figures }) => Math.max(1, figures.rowCount * figures.columns.length),
  })

  /** Keeps a whole result; gives the cursor of what comes behind `from`, or undefined when it is too large to keep. */
  keep(figures: Figures, prepared: Prepared, from: number): string | undefined {
    const cells = figures.rowCount * figures.columns.length
    if (cells > MOST_CELLS) return undefined
    const id = cells > MOST_HASHED ? randomUUID() : contentOf(figures, prepared)
    if (!this.#kept.has(id)) {
      const scope = JSON.stringify(prepared.question.scope)
      this.#kept.set(id, { figures, prepared, scope, queryId: randomUUID() })
    }
    return `${id}.${from}`
  }

  /** The page that a cursor names. Faults: CURSOR_GONE. */
  page(cursor: string, limit: number | undefined, scope: Prepared['question']['scope']): Answer {
    const [id = '', place = ''] = cursor.split('.')
    const kept = this.#kept.get(id)
    const from = Number(place)
    if (kept === undefined || kept.scope !== JSON.stringify(scope) || !/^\d{1,9}$/.test(place)) {
      const message = 'The result that this cursor belongs to is not kept any more; ask again from the first page.'
      throw Fault.at([faultDetail('CURSOR_GONE', '/cursor', message)])
    }
    const to = from + (limit ?? DEFAULT_ROWS)
    const { prepared, queryId } = kept
    const { rowCount } = kept.figures
    const page = cut(kept.figures, from, to)
    const figures = { ...page, truncated: to < rowCount, nextCursor: to < rowCount ? `${id}.${to}` : null }
    const key = `page ${cursor} ${limit ?? ''}`
    return {
      ...figures,
      // As if its rows had been asked for by themselves.
      receipt: receiptOf({ ...prepared, asked: { ...prepared.asked, offset: from, limit: to - from } }, queryId, 'hit'),
      delivery: {
        outcome: 'hit',
        collapsed: false,
        age: 0,
        pinned: true,
        key,
        tag: hash('sha256', key, 'base64url').slice(0, 27),
      },
    }
  }
}

/** Rows of a result from (inclusive) to (exclusive). */
export function cut(figures: Figures, from: number, to: number): Figures {
  const values = figures.values.map((column) => column.slice(from, to))
  return { ...figures, values, rowCount: Math.max(0, Math.min(to, figures.rowCount) - from) }
}

/** The same result has the same name: an answer that is read anew and has not changed keeps its ETag. */
function contentOf({ values }: Figures, { key }: Prepared): string {
  const text = values.map((column) => column.map(toJson).join(',')).join('\n')
  return hash('sha256', `${key}\n${text}`, 'base64url')
}
