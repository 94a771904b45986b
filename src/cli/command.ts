import type { Arguments } from './arguments.ts'
import type { CliContext, ExitCode } from './context.ts'

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

/** An example of the help: the words behind `oneservice`, and what they do. */
export interface Example {
  readonly line: string
  readonly does: string
}

/** One command: what its help says and what it does. */
export interface Command {
  readonly name: string
  readonly summary: string
  /** Lines under the usage. */
  readonly about: readonly string[]
  readonly options: OptionSpecs
  /** Words it takes besides options, like "-" for standard input. */
  readonly words?: readonly string[]
  readonly examples: readonly Example[]
  run(given: Arguments, context: CliContext): Promise<ExitCode>
}

/** How the commands are started from the project's folder, without npm's own lines. */
export const RUN = 'npm run -s oneservice --'
