import type { Judged, Outcome } from './mutant.ts'

const OUTCOMES: readonly Outcome[] = ['killed', 'timeout', 'survived', 'not covered', 'equivalent']

/** The share of mutants that were found, in percent of those that can be. */
export function scoreOf(judged: readonly Judged[]): number {
  const able = judged.filter(({ outcome }) => outcome !== 'equivalent')
  const found = able.filter(({ outcome }) => outcome === 'killed' || outcome === 'timeout')
  return able.length === 0 ? 100 : (100 * found.length) / able.length
}

/** Outcomes file by file and kind by kind, then every mutant that was not found. */
export function reportOf(judged: readonly Judged[]): string {
  return [
    ...table(
      'file',
      groupedBy(judged, ({ mutant }) => mutant.file),
    ),
    '',
    ...table(
      'kind',
      groupedBy(judged, ({ mutant }) => mutant.kind),
    ),
    '',
    ...listed('survived', judged),
    '',
    ...listed('not covered', judged),
  ].join('\n')
}

/** The line for everything together. */
export function summaryOf(judged: readonly Judged[]): string {
  const counts = OUTCOMES.map((outcome) => `${countOf(judged, outcome)} ${outcome}`)
  const covered = judged.filter(({ outcome }) => outcome !== 'not covered')
  const scores = `score ${scoreOf(judged).toFixed(1)} %, of those covered ${scoreOf(covered).toFixed(1)} %`
  return `${judged.length} mutants: ${counts.join(', ')}; ${scores}`
}

function table(title: string, groups: ReadonlyMap<string, readonly Judged[]>): string[] {
  const width = Math.max(...[title, ...groups.keys()].map(({ length }) => length))
  const head = [title.padEnd(width), 'mutants', ...OUTCOMES, 'score'].join('  ')
  const lines = [...groups].map(([name, of]) => {
    const counts = OUTCOMES.map((outcome) => String(countOf(of, outcome)).padStart(outcome.length))
    return [name.padEnd(width), String(of.length).padStart(7), ...counts, scoreOf(of).toFixed(1).padStart(5)].join('  ')
  })
  return [head, ...lines]
}

function listed(outcome: Outcome, judged: readonly Judged[]): string[] {
  const of = judged.filter((each) => each.outcome === outcome)
  const lines = of.map(({ mutant: { id, file, line, kind, before, after } }) => {
    return `  ${file}:${line}  #${id} ${kind}: ${before}  ->  ${after === '' ? '(nothing)' : after}`
  })
  return [`${outcome}: ${of.length}`, ...lines]
}

function groupedBy(judged: readonly Judged[], by: (each: Judged) => string): Map<string, Judged[]> {
  return Map.groupBy(judged, by)
}

function countOf(judged: readonly Judged[], outcome: Outcome): number {
  return judged.filter((each) => each.outcome === outcome).length
}
