import { didYouMean, nearest } from '../base/didYouMean.ts'
import { readArguments, UsageError } from './arguments.ts'
import { COMMANDS } from './commands.ts'
import { type CliContext, EXIT, type ExitCode } from './context.ts'
import { reportFailure } from './failure.ts'
import { helpOf, helpOfAll } from './help.ts'

/** Runs one command line; the exit code tells scripts how it went. Nothing is thrown. */
export async function runCli(args: readonly string[], context: CliContext): Promise<ExitCode> {
  endWithReader(context)
  const [first, ...rest] = args
  const command = COMMANDS.find(({ name }) => name === first)
  try {
    if (command === undefined) return runNoCommand(args, context)
    const given = readArguments(rest, command.options, command.words)
    if (given.has('help')) {
      context.stdout.write(helpOf(command))
      return EXIT.ok
    }
    return await command.run(given, context)
  } catch (error) {
    return reportFailure(error, context, command?.name)
  }
}

function runNoCommand([first, second]: readonly string[], context: CliContext): ExitCode {
  if (first === '--version') {
    context.stdout.write(`${context.version}\n`)
    return EXIT.ok
  }
  const asked = first === 'help' ? COMMANDS.find(({ name }) => name === second) : undefined
  if (asked !== undefined || first === '--help' || first === '-h' || (first === 'help' && second === undefined)) {
    context.stdout.write(asked === undefined ? helpOfAll(COMMANDS, context.version) : helpOf(asked))
    return EXIT.ok
  }
  if (first === undefined) {
    context.stderr.write(helpOfAll(COMMANDS, context.version))
    return EXIT.usage
  }
  const wanted = first === 'help' ? (second ?? first) : first
  const names = COMMANDS.map(({ name }) => name)
  if (wanted.startsWith('-')) throw new UsageError(`A command comes first: ${names.join(', ')}.`)
  const near = nearest(wanted, names)
  const hint = near.length > 0 ? didYouMean(near) : ` There are ${names.join(', ')}.`
  throw new UsageError(`There is no command "${wanted}".${hint}`)
}

/** `oneservice query ... | head` closes the pipe early: that is an end, not a failure. */
function endWithReader({ stdout }: CliContext): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok)
    throw error
  })
}
