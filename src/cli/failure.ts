import { Fault, type FaultDetail } from '../base/faults.ts'
import { UsageError } from './arguments.ts'
import { Refusal } from './call.ts'
import { type CliContext, EXIT, type ExitCode } from './context.ts'
import { type Paint, painter, printable } from './paint.ts'
import { causeOf } from './watchStores.ts'

/** Says on the error stream what went wrong, without a stack trace, and gives the exit code that goes with it. */
export function reportFailure(error: unknown, context: CliContext, command: string | undefined): ExitCode {
  const paint = painter(context.stderr)
  const say = (line: string): void => void context.stderr.write(`${line}\n`)
  if (error instanceof UsageError) {
    say(`${paint('error', 'red')} ${printable(error.message)}`)
    say(`See: oneservice ${command === undefined ? '' : `${command} `}--help`)
    return EXIT.usage
  }
  if (error instanceof Refusal) {
    for (const line of refusalLines(error, paint)) say(line)
    return exitFor(error.status)
  }
  if (error instanceof Fault) {
    for (const line of faultLines(error, paint)) say(line)
    if (error.code === 'INVALID_CONFIG') return EXIT.usage
    return error.code === 'INVALID_CATALOG' ? EXIT.refused : exitFor(error.status)
  }
  say(`${paint('error', 'red')} ${error instanceof Error ? error.message : String(error)}`)
  return EXIT.failed
}

function exitFor(status: number): ExitCode {
  return status >= 400 && status < 500 ? EXIT.refused : EXIT.failed
}

function refusalLines({ problem, status, storeSaid }: Refusal, paint: Paint): string[] {
  const { code, title, detail, errors } = problem
  return [
    ...(errors.length === 0 ? [`${paint('error', 'red')} ${code} ${printable(detail)}`] : []),
    ...errors.flatMap((each) => placeLines(each, paint)),
    ...(errors.length === 0 ? [] : [paint(`${title} (${status}).`, 'dim')]),
    ...(storeSaid === undefined || status < 500 ? [] : [`  the store says: ${printable(storeSaid)}`]),
    ...(status === 401 ? ['  the key is taken from ONESERVICE_ADMIN_KEY'] : []),
  ]
}

function faultLines(fault: Fault, paint: Paint): string[] {
  const cause = causeOf(fault)
  const places = fault.errors.flatMap((each) => placeLines(each, paint))
  return [
    ...(places.length === 0 ? [`${paint('error', 'red')} ${fault.code} ${fault.message}`] : places),
    ...(cause === undefined ? [] : [`  because: ${printable(cause)}`]),
  ]
}

/** A place that is wrong: its code, its pointer, what is wrong there and, unless that says it, what would work. */
function placeLines(
  { pointer, code, message, suggestions }: Omit<FaultDetail, 'code'> & { readonly code: string },
  paint: Paint,
): string[] {
  const at = pointer === '' ? '' : ` at ${printable(pointer)}`
  const more = suggestions.filter((suggestion) => !message.includes(suggestion))
  return [
    `${paint('error', 'red')} ${code}${at}: ${printable(message)}`,
    ...(more.length === 0 ? [] : [`  what would work: ${more.map(printable).join(', ')}`]),
  ]
}
