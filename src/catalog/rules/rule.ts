import type { Draft } from '../draft.ts'
import type { CatalogFault } from '../position.ts'

/** One check over the whole draft. A rule reports and never stops at the first fault. */
export type Rule = (draft: Draft) => CatalogFault[]
