import { metricsOfDraft } from '../draft.ts'
import type { CatalogFault, LocatedFile } from '../position.ts'
import type { Rule } from './rule.ts'

interface Named {
  readonly file: LocatedFile
  readonly path: readonly PropertyKey[]
  readonly name: string
}

/** A process, a dimension, a source and a metric name each stand once in the whole catalog. */
export const uniqueNames: Rule = (draft) => [
  ...repeated(
    'process',
    draft.processes.map(({ file, value }) => ({ file, path: ['process'], name: value.process })),
  ),
  ...repeated(
    'dimension',
    draft.dimensions.map(({ file, value }) => ({ file, path: ['dimension'], name: value.dimension })),
  ),
  ...repeated(
    'calendar',
    draft.calendars.map(({ file, value }) => ({ file, path: ['calendar'], name: value.calendar })),
  ),
  ...repeated(
    'source',
    draft.processes.flatMap(({ file, value }) =>
      value.sources.map((source, i) => ({ file, path: ['sources', i, 'source'], name: source.source })),
    ),
  ),
  ...repeated(
    'metric',
    metricsOfDraft(draft).map(({ file, path, value }) => ({ file, path: [...path, 'metric'], name: value.metric })),
  ),
  ...draft.processes.flatMap(({ file, value }) =>
    repeated(
      'modifier',
      value.modifiers.map((m, i) => ({ file, path: ['modifiers', i, 'modifier'], name: m.modifier })),
    ),
  ),
  ...draft.dimensions.flatMap(({ file, value }) =>
    repeated(
      'attribute',
      value.attributes.map((a, i) => ({ file, path: ['attributes', i, 'attribute'], name: a.attribute })),
    ),
  ),
]

function repeated(what: string, names: readonly Named[]): CatalogFault[] {
  const first = new Map<string, Named>()
  const faults: CatalogFault[] = []
  for (const named of names) {
    const earlier = first.get(named.name)
    if (earlier === undefined) {
      first.set(named.name, named)
      continue
    }
    const place = earlier.file.fault(earlier.path, '', '')
    const message = `The ${what} "${named.name}" stands already in ${place.file}:${place.line}.`
    faults.push(named.file.fault(named.path, 'DUPLICATE_NAME', message))
  }
  return faults
}
