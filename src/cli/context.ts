import type { Config } from '../config.ts'

/** What every command is given. */
export interface CliContext {
  /** The project's folder: its own catalog and migrations stand there. */
  readonly home: string
  readonly version: string
  /** The environment, with what options of the command line override. */
  readonly readConfig: (overrides: Readonly<Record<string, string | undefined>>) => Config
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
}

/** Exit codes that scripts can use. */
export const EXIT = {
  ok: 0,
  /** The question, the catalog or the state does not allow it. */
  refused: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** The gateway or a store can't be reached, or something broke. */
  failed: 3,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
