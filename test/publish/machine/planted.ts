import type { Planted } from '../../support/plant.ts'

/** Mistakes that publishing invites, each as somebody might well write it. The machine must find them. */
export const PLANTED: readonly Planted[] = [
  bug(
    'superseded-stays',
    'src/control/snapshots.ts',
    "where state = 'published'",
    "where state <> 'staged' order by version",
  ),
  bug(
    'withdrawn-stays',
    'src/control/snapshots.ts',
    'const versions = new Map<string, Map<Day, number>>()',
    'const versions = new Map([...this.#current.sources].map(([of, each]) => [of, new Map(each.versions)]))',
  ),
  bug(
    'hole-unseen',
    'src/route/sourceMap.ts',
    'if (since === undefined || day < since || !isComplete(source, day, snapshot)) continue',
    'if (since === undefined || day < since || day > (completenessOf(source, snapshot).last ?? 0)) continue',
  ),
  bug(
    'realtime-unbounded',
    'src/route/physical.ts',
    'for (const range of rangesOf(firstDay, lastDay, version, time)) {',
    "for (const range of rangesOf(firstDay, read.kind === 'realtime' ? lastDay + 1 : lastDay, version, time)) {",
  ),
  bug(
    'retention-forgotten',
    'src/route/sourceMap.ts',
    'source.retention === undefined || oldest >= context.now - source.retention)',
    'source.retention === undefined || oldest <= context.now)',
  ),
  bug(
    'kept-without-version',
    'src/gateway/cache/key.ts',
    "return ['offline', read.candidate.source.name, read.version]",
    "return ['offline', read.candidate.source.name]",
  ),
  bug(
    'store-down-is-empty',
    'src/route/sourceMap.ts',
    "return { day, read: { kind: 'missing' }, finality: 'missing', reason }",
    "return { day, read: { kind: 'empty' }, finality: 'final', reason: undefined }",
  ),
]

function bug(name: string, file: string, find: string, replace: string): Planted {
  return { name, edits: [{ file, find, replace }] }
}
