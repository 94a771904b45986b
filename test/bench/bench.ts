/** One bench: sets up its own engines, prints, and takes everything down again. */
export interface Bench {
  readonly name: string
  /** What is compared with what, in a line. */
  readonly says: string
  run(print: (line: string) => void): Promise<void>
}
