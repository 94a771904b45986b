import { type Arguments, overridesOf } from './arguments.ts'
import { callGateway, Refusal } from './call.ts'
import { type CliContext, EXIT, type ExitCode } from './context.ts'
import type { Call } from './door.ts'
import { type Paint, painter } from './paint.ts'

/** One call whose answer is printed: as lines for people, or with --json as the JSON that came, refusals included. */
export async function callAndPrint(
  call: Call,
  given: Arguments,
  context: CliContext,
  linesOf: (text: string, paint: Paint) => readonly string[],
  exitOf: (text: string) => ExitCode = () => EXIT.ok,
): Promise<ExitCode> {
  const config = context.readConfig(overridesOf(given, { catalog: 'ONESERVICE_CATALOG' }))
  const json = given.has('json')
  try {
    const text = await callGateway(config, context, call)
    context.stdout.write(json ? `${text}\n` : `${linesOf(text, painter(context.stdout)).join('\n')}\n`)
    return exitOf(text)
  } catch (error) {
    if (json && error instanceof Refusal) context.stdout.write(`${error.text}\n`)
    throw error
  }
}
