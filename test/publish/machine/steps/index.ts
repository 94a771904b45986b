import type { Random } from '../../../support/random.ts'
import type { Life } from '../life.ts'
import { batchWrites, versionIsStaged } from './batches.ts'
import { eventsArrive, streamForgets } from './events.ts'
import {
  dayIsRestated,
  dayIsWithdrawn,
  emptyDayIsPublished,
  publicationIsCut,
  publicationIsRefused,
  stagedIsPublished,
  versionIsPublished,
} from './publishing.ts'
import type { Step, StepMaker } from './step.ts'
import { timePasses } from './time.ts'
import { controlTurns, offlineTurns, realtimeTurns } from './trouble.ts'

/** How often each kind of step is taken. */
function weighted({ history, control }: Life): readonly (readonly [number, StepMaker])[] {
  const { realtimeDown, offlineDown } = history.current
  return [
    [14, timePasses],
    [40, eventsArrive],
    [5, streamForgets],
    [1, batchWrites],
    [3, versionIsStaged],
    [14, versionIsPublished],
    [3, stagedIsPublished],
    [1, dayIsRestated],
    [2, emptyDayIsPublished],
    [7, dayIsWithdrawn],
    [2, publicationIsRefused],
    [2, publicationIsCut],
    // What is down stays so for some ten steps.
    [realtimeDown ? 10 : 2, realtimeTurns],
    [offlineDown ? 25 : 1, offlineTurns],
    [control.isOff ? 10 : 2, controlTurns],
  ]
}

/** The next step of a life. */
export function nextStep(life: Life, random: Random): Step {
  for (;;) {
    const step = random.weighted(weighted(life))(life, random)
    if (step !== undefined) return step
  }
}
