import type { Config } from '../config.ts'
import type { CliContext } from './context.ts'
import type { Call } from './door.ts'
import { openDoor } from './openDoor.ts'
import { NotAGateway, readProblem, type WireProblem } from './wire.ts'

/** A gateway said no. */
export class Refusal extends Error {
  readonly problem: WireProblem
  /** The problem as it came. */
  readonly text: string
  readonly status: number
  readonly storeSaid: string | undefined

  constructor(problem: WireProblem, text: string, status: number, cause: string | undefined) {
    super(problem.detail)
    this.problem = problem
    this.text = text
    this.status = status
    this.storeSaid = cause
  }
}

/** One call from beginning to end; the JSON that came. Throws Refusal, Unreachable, NotAGateway, or a Fault of opening. */
export async function callGateway(config: Config, context: CliContext, call: Call): Promise<string> {
  const door = await openDoor(config, context)
  try {
    const { status, text, cause } = await door.send(call)
    if (status >= 200 && status < 300) return text
    throw new Refusal(problemIn(text, status), text, status, cause)
  } finally {
    await door.close()
  }
}

function problemIn(text: string, status: number): WireProblem {
  try {
    return readProblem(text)
  } catch (error) {
    if (!(error instanceof NotAGateway)) throw error
    throw new NotAGateway(`The address answers ${status}, but not as a gateway does; look at ONESERVICE_URL.`)
  }
}
