import { SCOPE_LEAKS } from './plantedInScope.ts'
import { VIEW_LEAKS } from './plantedInViews.ts'
import type { PlantedLeak } from './plantedLeak.ts'

/** Every place that keeps tenants apart, each left out by itself. */
export const LEAKS: readonly PlantedLeak[] = [...SCOPE_LEAKS, ...VIEW_LEAKS]
