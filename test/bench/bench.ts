/** One bench: sets up its own engines, prints, and takes everything down again. */
export interface Bench {
  readonly name: string
  /** What is compared with what, in a line. */
  readonly says: string
  /** `miss` is told of a target that was not reached; the command then ends with 1. */
  run(print: (line: string) => void, miss: (target: string) => void): Promise<void>
}
