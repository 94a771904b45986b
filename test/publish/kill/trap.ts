import type { SpawnedGateway } from './gateway.ts'
import { Statements } from './messages.ts'
import type { Trap } from './relay.ts'

/**
 * When a gateway is killed over a statement: before the database gets it, when it has just been sent, or when it is done
 * and the gateway has not heard of that.
 */
export const MOMENTS = ['before', 'sent', 'done'] as const
export type Moment = (typeof MOMENTS)[number]

/** Kills a gateway over the k-th statement that it sends from now on. */
export function killAt(gateway: SpawnedGateway, k: number, moment: Moment): Trap {
  const count = countOver()
  return killWhen(gateway, moment, (piece, connection) => {
    const [before, after] = count(piece, connection)
    return before < k && k <= after
  })
}

/** Kills a gateway over the first statement whose text holds these words. */
export function killOver(gateway: SpawnedGateway, words: string, moment: Moment): Trap {
  return killWhen(gateway, moment, (piece) => piece.includes(words))
}

function killWhen(
  gateway: SpawnedGateway,
  moment: Moment,
  isFatal: (piece: Buffer, connection: object) => boolean,
): Trap {
  let fatal: object | undefined
  return async (piece, from, connection) => {
    if (from === 'server') {
      if (moment !== 'done' || connection !== fatal) return true
      await gateway.kill()
      return false
    }
    if (fatal !== undefined || !isFatal(piece, connection)) return true
    fatal = connection
    if (moment === 'before') {
      await gateway.kill()
      return false
    }
    if (moment === 'sent') setImmediate(() => void gateway.kill())
    return true
  }
}

/** Hears how many statements have been sent from now on. */
export function countStatements(hear: (sent: number) => void): Trap {
  const count = countOver()
  return (piece, from, connection) => {
    if (from === 'client') hear(count(piece, connection)[1])
    return true
  }
}

/** Counts over all connections; gives the number before a piece and after it. */
function countOver(): (piece: Buffer, connection: object) => readonly [number, number] {
  const connections = new Map<object, Statements>()
  let count = 0
  return (piece, connection) => {
    const statements = connections.get(connection) ?? new Statements(piece)
    connections.set(connection, statements)
    const before = count
    count += statements.in(piece)
    return [before, count]
  }
}
