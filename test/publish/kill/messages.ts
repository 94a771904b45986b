/** A simple query, and the end of an extended one: with either the server has all of a statement. */
const ENDS_OF_STATEMENTS = new Set(['Q', 'S'])

/** Counts the statements that a client of PostgreSQL sends over one connection, by the frames of its protocol. */
export class Statements {
  #rest: Buffer = Buffer.alloc(0)
  #hasStarted: boolean

  /** `first` is what is heard first; the startup message alone has no letter, but a length below 2^24. */
  constructor(first: Buffer) {
    this.#hasStarted = first[0] !== 0
  }

  /** How many end within a piece. */
  in(piece: Buffer): number {
    this.#rest = Buffer.concat([this.#rest, piece])
    let ended = 0
    for (;;) {
      const letters = this.#hasStarted ? 1 : 0
      if (this.#rest.length < letters + 4) return ended
      const end = letters + this.#rest.readUInt32BE(letters)
      if (this.#rest.length < end) return ended
      if (this.#hasStarted && ENDS_OF_STATEMENTS.has(String.fromCharCode(this.#rest[0] ?? 0))) ended++
      this.#hasStarted = true
      this.#rest = this.#rest.subarray(end)
    }
  }
}
