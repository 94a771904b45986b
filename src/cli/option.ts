/** One option of a command, for reading the command line and for its help. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean'
  /** What stands for the value in the help: `--port N`. */
  readonly value?: string
  /** May be given several times. */
  readonly repeats?: boolean
  /** Words behind its value belong to it too: `--range 2026-11-14 2026-11-20`. */
  readonly takesMore?: boolean
  readonly help: string
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>
