import { once } from 'node:events'
import { createServer } from 'node:net'
import { Fault } from '../base/faults.ts'

/**
 * Finds out whether an address can be listened at before minutes are spent on making things ready. Faults with CONFLICT
 * when it is in use, with INVALID_CONFIG when it can't be had at all.
 */
export async function requireFreePort(host: string, port: number): Promise<void> {
  const probe = createServer()
  try {
    probe.listen(port, host)
    await once(probe, 'listening')
    probe.close()
    await once(probe, 'close')
  } catch (error) {
    throw listenFault(error, host, port)
  }
}

/** Why listening failed, in words that help. What is not known comes back as it is. */
export function listenFault(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return new Fault(
        'CONFLICT',
        `Port ${port} of ${host} is in use: stop what listens there, or name another with --port.`,
      )
    case 'EACCES':
      return new Fault('INVALID_CONFIG', `Port ${port} is not for this user; name one above 1023 with --port.`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new Fault('INVALID_CONFIG', `"${host}" is not an address of this machine; look at --host.`)
    default:
      return error
  }
}
