import { startOfDay } from '../../base/time.ts'
import type { Catalog, Dimension, Source } from '../../catalog/catalog.ts'
import type { Slice } from '../../route/physical.ts'
import type { DialectName } from '../port.ts'
import { dialectOf } from './dialects.ts'
import { factsOf } from './facts.ts'
import { proveScope } from './scopeProof.ts'
import { compileStatement } from './statement.ts'

/** A value of each type that a tenant may be bound to; which one does not matter to the proof. */
const SAMPLE = { string: 'a tenant', integer: '42', date: '2026-01-01' } as const
const A_DAY = 20_000

/**
 * How the rows of a source are cut to one tenant: the condition as it stands in a statement made for this purpose.
 * Throws where proveScope would.
 */
export function proveTenant(source: Source, dimension: Dimension, catalog: Catalog, name: DialectName): string {
  if (dimension.type === 'boolean') throw new TypeError(`${dimension.name} has no keys that a tenant could be bound to`)
  const zone = catalog.processes.get(source.process)?.zone ?? 'UTC'
  const interval = { from: startOfDay(A_DAY, zone), to: startOfDay(A_DAY + 1, zone) }
  const slice: Slice = {
    source,
    measures: [],
    ranges: [{ firstDay: A_DAY, lastDay: A_DAY, interval, version: source.version === undefined ? undefined : 1 }],
    time: {
      ...{ businessZone: zone, zone, base: undefined, reads: [interval], today: A_DAY, other: undefined },
      days: [{ firstDay: A_DAY, lastDay: A_DAY }],
    },
    fields: [],
    filters: [],
    scope: [{ dimension: dimension.name, type: dimension.type, values: [SAMPLE[dimension.type]] }],
  }
  const dialect = dialectOf(name)
  const statement = compileStatement(factsOf(slice, dialect, []), dialect)
  return proveScope(statement, slice)[0]?.condition ?? ''
}
