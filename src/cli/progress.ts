const WIDTH = 30

/** One line on a terminal that shows how far a long task is; elsewhere a line a step, so that logs stay readable. */
export class ProgressBar {
  readonly #out: NodeJS.WriteStream
  #lastText = ''
  #shown = false

  constructor(out: NodeJS.WriteStream) {
    this.#out = out
  }

  /** `done` is 0 to 1. */
  show(done: number, text: string): void {
    const share = Math.max(0, Math.min(1, done))
    if (this.#out.isTTY) {
      const filled = Math.round(share * WIDTH)
      const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
      this.#out.write(`\r\x1b[2K${bar} ${String(Math.round(share * 100)).padStart(3)} %  ${text}`)
      this.#shown = true
    } else if (text !== this.#lastText) this.#out.write(`${String(Math.round(share * 100)).padStart(3)} %  ${text}\n`)
    this.#lastText = text
  }

  /** A line of its own beside the bar. */
  say(text: string): void {
    this.done()
    this.#out.write(`${text}\n`)
  }

  /** Clears the bar. */
  done(): void {
    if (this.#shown) this.#out.write('\r\x1b[2K')
    this.#shown = false
  }
}
