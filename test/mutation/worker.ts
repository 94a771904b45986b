import { forgetAnswers } from './forget.ts'
import { Judge } from './judge.ts'
import type { Message, Order } from './messages.ts'
import { startRemembering } from './remember.ts'
import type { MutationSuite } from './suite.ts'
import { activate } from './switch.ts'

/**
 * Runs in the copy of the tree, started by the pool with the name of a suite: opens its world once and judges the mutants
 * it is told, one after the other.
 */
const BEAT_MS = 500
const [name = ''] = process.argv.slice(2)
const { default: suite }: { default: MutationSuite } = await import(`./suites/${name}.ts`)
const world = await suite.open()
startRemembering()
forgetAnswers()

let beaten = performance.now()
const judge = new Judge(world, () => {
  if (performance.now() - beaten < BEAT_MS) return
  beaten = performance.now()
  say({ kind: 'beat' })
})
await judge.measure()
const { cases, broken, duration, longest } = judge
process.on('message', (order: Order) => void obey(order))
say({ kind: 'ready', cases, broken, duration, longest })

async function obey(order: Order): Promise<void> {
  if (order.kind === 'judge') {
    const verdict = await judge.judge(order.id)
    activate(0)
    say({ kind: 'judged', id: order.id, ...verdict })
    return
  }
  const failed = await judge.failing()
  await world.close()
  process.send?.({ kind: 'closed', failed } satisfies Message, () => process.exit(0))
}

function say(message: Message): void {
  process.send?.(message)
}

// Whoever started it is gone.
process.on('disconnect', () => void world.close().finally(() => process.exit(2)))
// What a mutant leaves behind after its case is over.
process.on('unhandledRejection', () => undefined)
