import { Fault } from '../base/faults.ts'
import { type CliContext, EXIT, type ExitCode } from './context.ts'
import { serve } from './serve.ts'

/** Runs one command line; the exit code tells scripts how it went. */
export async function runCli(args: readonly string[], context: CliContext): Promise<ExitCode> {
  try {
    const serving = await serve(context.readConfig({}), context)
    await new Promise<void>((resolve) => {
      process.once('SIGINT', () => resolve())
      process.once('SIGTERM', () => resolve())
    })
    await serving.stop()
    return EXIT.ok
  } catch (error) {
    context.stderr.write(`${error instanceof Fault ? error.message : String(error)}\n${args.length}`)
    return EXIT.failed
  }
}
