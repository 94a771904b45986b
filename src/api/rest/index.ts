import { catalog } from './catalog.ts'
import { values } from './dimensionValues.ts'
import { drop } from './drop.ts'
import { explainQuestion } from './explain.ts'
import { health } from './health.ts'
import { keys } from './keys.ts'
import { prometheus } from './metrics.ts'
import { publications } from './publications.ts'
import { query } from './query.ts'
import { replay } from './replay.ts'
import { restatements } from './restatements.ts'
import { retention } from './retention.ts'
import type { Operation } from './route.ts'
import { stage } from './stage.ts'

/** Every REST operation, in the order of the API document. */
export const OPERATIONS: readonly Operation[] = [
  query,
  explainQuestion,
  replay,
  catalog,
  values,
  publications,
  stage,
  drop,
  restatements,
  retention,
  keys,
  health,
  prometheus,
]
