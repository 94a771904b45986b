import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Whether a piece goes on to where it was sent, after whatever the trap does about it. */
export type Trap = (piece: Buffer, from: 'client' | 'server', connection: object) => Promise<boolean> | boolean

/** A TCP proxy on loopback that shows every piece to a trap before it goes on. */
export class Relay {
  /** Lets everything pass while there is none. */
  trap: Trap | undefined
  readonly port: number
  readonly #close: () => Promise<void>

  private constructor(port: number, close: () => Promise<void>) {
    this.port = port
    this.#close = close
  }

  static async to(port: number): Promise<Relay> {
    const sockets = new Set<Socket>()
    let relay: Relay | undefined
    const server = createServer((client) => {
      const upstream = connect(port, '127.0.0.1')
      const connection = {}
      const passOn = (from: Socket, to: Socket, side: 'client' | 'server'): void => {
        sockets.add(from)
        let before: Promise<void> = Promise.resolve()
        from.on('data', (piece) => {
          // In their order, also while the trap takes its time.
          before = before.then(async () => {
            const passes = (await relay?.trap?.(piece, side, connection)) ?? true
            if (passes && !to.destroyed) to.write(piece)
          })
        })
        from.on('error', () => undefined)
        from.on('close', () => {
          sockets.delete(from)
          void before.then(() => to.end())
        })
      }
      passOn(client, upstream, 'client')
      passOn(upstream, client, 'server')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    relay = new Relay((server.address() as AddressInfo).port, async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    })
    return relay
  }

  close(): Promise<void> {
    return this.#close()
  }
}
