/** One bench: sets up its own engines, prints, and takes everything down again. */
export interface Bench {
  readonly name: string
  /** What is compared with what, in a line. */
  readonly says: string
  /** `missed` is told of each target that a figure lies above: the whole run then fails. */
  run(print: (line: string) => void, missed: (what: string) => void): Promise<void>
}
