import { excess, type Grant } from '../gateway/limits/model.ts'

/** What a client has seen: one reply, and when it had been asked for. */
export interface Seen {
  readonly replica: number
  readonly asked: number
  readonly replied: number
  /** Milliseconds that the figures were allowed to be old. */
  readonly allowed: number
  /** The passages of today, where they were asked. */
  readonly count: number | undefined
  /** Rows of the published days, where they were asked. */
  readonly rows: unknown
  readonly epochs: readonly number[]
  readonly caches: readonly string[]
}

/** What really happened, by the clock of the test, to judge by afterwards what was seen. */
export class Ledger {
  readonly seen: Seen[] = []
  readonly failures: string[] = []
  /** By replica, of the caller with a limit. */
  readonly grants: readonly [Grant[], Grant[]] = [[], []]
  refused = 0
  /** A passage is committed between its two moments. */
  readonly #passages: { readonly began: number; ended: number }[] = []
  readonly #versions = new Map<number, number>()
  readonly #published: { readonly epoch: number; readonly at: number; readonly replica: number }[] = []

  passing(): () => void {
    const passage = { began: performance.now(), ended: Number.POSITIVE_INFINITY }
    this.#passages.push(passage)
    return () => {
      passage.ended = performance.now()
    }
  }

  published(epoch: number, version: number, replica: number): void {
    this.#versions.set(epoch, version)
    this.#published.push({ epoch, at: performance.now(), replica })
  }

  get passages(): number {
    return this.#passages.length
  }

  /** Counts that no moment between the allowed age before the question and the reply has held. */
  wrongCounts(rounding: number): string[] {
    return this.seen.flatMap(({ count, asked, replied, allowed }) => {
      if (count === undefined) return []
      const from = count === 0 ? 0 : (this.#passages[count - 1]?.began ?? Number.POSITIVE_INFINITY)
      const until = this.#passages[count]?.ended ?? Number.POSITIVE_INFINITY
      if (from <= replied && until >= asked - allowed - rounding) return []
      return [`${count} held ${from}-${until}, asked at ${asked} for ${allowed} ms, replied at ${replied}`]
    })
  }

  /** Published days that are not those of the answer's own epoch. */
  wrongVersions(rowsOf: (version: number) => unknown): string[] {
    return this.seen.flatMap(({ rows, epochs }) => {
      if (rows === undefined) return []
      const due = epochs.map((epoch) => JSON.stringify(rowsOf(this.#versions.get(epoch) ?? 0)))
      return due.every((each) => each === JSON.stringify(rows)) ? [] : [`${JSON.stringify(rows)} at epoch ${epochs}`]
    })
  }

  /** Answers of an epoch before the last one that their gateway had to know; `within` is its time for those of the other. */
  oldEpochs(within: number): string[] {
    return this.seen.flatMap(({ replica, asked, epochs }) => {
      const known = this.#published.filter((each) => each.at + (each.replica === replica ? 0 : within) <= asked)
      const least = Math.max(0, ...known.map(({ epoch }) => epoch))
      return epochs.every((epoch) => epoch >= least) ? [] : [`epoch ${epochs} instead of ${least} and later`]
    })
  }

  /** Tokens beyond the rate that each replica gave. */
  excesses(rate: { readonly perSecond: number; readonly burst: number }): number[] {
    return this.grants.map((grants) => excess(grants, rate))
  }
}
