import { catalog } from './catalog.ts'
import { values } from './dimensionValues.ts'
import { explainQuestion } from './explain.ts'
import { health } from './health.ts'
import { keys } from './keys.ts'
import { prometheus } from './metrics.ts'
import { publications } from './publications.ts'
import { query } from './query.ts'
import { restatements } from './restatements.ts'
import type { Operation } from './route.ts'
import { stage } from './stage.ts'

/** Every REST operation, in the order of the API document. */
export const OPERATIONS: readonly Operation[] = [
  query,
  explainQuestion,
  catalog,
  values,
  publications,
  stage,
  restatements,
  keys,
  health,
  prometheus,
]
