import type { Planted } from '../../support/plant.ts'

/** Mistakes that publishing invites, each as somebody might well write it. The machine must find them. */
export const PLANTED: readonly Planted[] = [
  bug(
    'superseded-takes-all',
    'src/control/snapshots.ts',
    'changes: [...gone, ...shown]',
    'changes: [...shown, ...gone]',
  ),
  bug('change-overlooked', 'src/control/snapshots.ts', '[Math.max(known, 0)]', '[Math.max(known + 1, 0)]'),
  bug(
    'withdrawn-stays',
    'src/route/snapshot.ts',
    'if (version === undefined) versions.delete(day)\n      else versions',
    'if (version !== undefined) versions',
  ),
  bug(
    'hole-unseen',
    'src/route/dayRead.ts',
    'if (since === undefined || day < since || !isComplete(source, day, snapshot)) continue',
    'if (since === undefined || day < since || day > (knownOf(source, snapshot).last ?? 0)) continue',
  ),
  bug(
    'realtime-unbounded',
    'src/route/physical.ts',
    'for (const range of rangesOf(firstDay, lastDay, version, time)) {',
    "for (const range of rangesOf(firstDay, read.kind === 'realtime' ? lastDay + 1 : lastDay, version, time)) {",
  ),
  bug(
    'retention-half-a-day',
    'src/route/retention.ts',
    'if (startOfDay(day, zone) < oldest) return day + 1',
    'if (startOfDay(day, zone) < oldest) return day',
  ),
  bug(
    'kept-without-version',
    'src/gateway/cache/key.ts',
    "return ['offline', read.candidate.source.name, read.version]",
    "return ['offline', read.candidate.source.name]",
  ),
  bug(
    'store-down-is-empty',
    'src/route/dayRead.ts',
    "return { read: { kind: 'missing' }, finality: 'missing', reason }",
    "return { read: { kind: 'empty' }, finality: 'final', reason: undefined }",
  ),
]

function bug(name: string, file: string, find: string, replace: string): Planted {
  return { name, edits: [{ file, find, replace }] }
}
