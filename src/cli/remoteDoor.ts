import { Fault } from '../base/faults.ts'
import type { Call, Door, Reply } from './door.ts'

/** A gateway that can't be reached. */
export class Unreachable extends Error {}

/** Speaks to the gateway at `base` over HTTP. Faults with INVALID_CONFIG when the address holds a password. */
export function openRemoteDoor(base: string, key: string | undefined): Door {
  const { username, password } = new URL(base)
  if (username !== '' || password !== '') {
    throw new Fault(
      'INVALID_CONFIG',
      'ONESERVICE_URL holds a user or password; the key stands in ONESERVICE_ADMIN_KEY.',
    )
  }
  const root = base.replace(/\/+$/, '')
  return {
    send: (call) => send(root, key, call),
    close: async () => undefined,
  }
}

async function send(root: string, key: string | undefined, { method, path, body }: Call): Promise<Reply> {
  try {
    const response = await fetch(`${root}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      },
      ...(body === undefined ? {} : { body }),
    })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    throw new Unreachable(`The gateway at ${root} can't be reached: ${reasonOf(error)}.`)
  }
}

/** What undici wraps: `connect ECONNREFUSED 127.0.0.1:4000`. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0])
  return cause instanceof Error ? cause.message : String(cause)
}
