import { Fault } from '../base/faults.ts'
import { convert } from '../merge/convert.ts'
import type { KeptTable, ScanTable } from '../merge/evaluate.ts'
import { type GroupTable, mergeGroups } from '../merge/groups.ts'
import type { PartialTable } from '../merge/partial.ts'
import { type Aggregate, type LogicalNode, type Scan, scansOf } from '../plan/logical.ts'
import type { PhysicalPlan, Slice } from '../route/physical.ts'
import type { SliceOutcome } from './execute.ts'

/** What the slices of a plan gave, merged scan by scan. Faults are those of the slices. */
export function scanTables(
  plan: LogicalNode,
  physical: PhysicalPlan,
  outcomes: ReadonlyMap<Slice, SliceOutcome>,
): ReadonlyMap<Scan, ScanTable> {
  const partials = new Map(
    physical.aggregates.map(({ node, slices }) => [node, slices.flatMap((slice) => tablesOf(outcomes.get(slice)))]),
  )
  const read = (node: Aggregate): readonly PartialTable[] => partials.get(node) ?? []
  return new Map(
    scansOf(plan).map((scan): [Scan, ScanTable] => {
      if (scan.kind === 'aggregate') return [scan, aggregateTable(scan, read(scan))]
      const groups = convert(scan, merged(scan.from, read(scan.from)), merged(scan.follow, read(scan.follow)))
      return [scan, { groups, snapshots: new Map(), isDistinct: false }]
    }),
  )
}

function aggregateTable(scan: Aggregate, partials: readonly PartialTable[]): ScanTable {
  const plain = partials.filter(({ isSnapshot }) => !isSnapshot)
  const snapshots = scan.requests.flatMap((request): [string, KeptTable][] => {
    const { snapshot } = request.metric
    if (snapshot === undefined) return []
    const own = partials.filter(({ states }) => states.some((state) => state.request === request.id))
    const width = widthOf(scan) + 1 + snapshot.by.length
    return [[request.id, { snapshot, groups: mergeGroups(own, width, [request], true) }]]
  })
  return { groups: merged(scan, plain), snapshots: new Map(snapshots), isDistinct: true }
}

function merged(scan: Aggregate, partials: readonly PartialTable[]): GroupTable {
  return mergeGroups(partials, widthOf(scan), scan.requests)
}

function widthOf({ base, fields }: Aggregate): number {
  return (base === undefined ? 0 : 1) + fields.length
}

function tablesOf(outcome: SliceOutcome | undefined): readonly PartialTable[] {
  if (outcome === undefined) throw new TypeError('a slice was not executed')
  if (outcome instanceof Fault) throw outcome
  return outcome
}
