import type { Arguments } from './arguments.ts'
import type { CliContext, ExitCode } from './context.ts'
import type { OptionSpecs } from './option.ts'

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
