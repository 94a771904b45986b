import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../support/random.ts'
import type { Asked } from './asked.ts'
import { ask } from './doors.ts'
import { isLive, type Reading } from './judge.ts'
import type { Life } from './life.ts'
import { plainOf } from './plain.ts'

const LONGEST_PAUSE_MS = 60

/** Asks one question after another until it is over, and hands on what it sees. */
export async function read(
  life: Life,
  questions: readonly Asked[],
  random: Random,
  over: () => boolean,
  tell: (reading: Reading) => void,
): Promise<void> {
  while (!over()) {
    const reading = readOne(life, random.pick(questions))
    life.asking.add(reading)
    tell(await reading.finally(() => life.asking.delete(reading)))
    await sleep(random.int(0, LONGEST_PAUSE_MS))
  }
}

async function readOne({ history, first }: Life, asked: Asked): Promise<Reading> {
  const from = history.done
  const askedAt = performance.now()
  const told = await ask(first.app, asked)
  const to = history.begun
  const plain = plainOf(told, asked)
  const asOf: string | undefined = isLive(plain) ? told.body.freshness.asOf : undefined
  return { asked, plain, from, to, askedAt, asOf }
}
