/** A bug that the crown must find: exact texts of a file of src that are replaced while it is loaded. */
export interface PlantedBug {
  readonly name: string
  readonly edits: readonly { readonly file: string; readonly find: string; readonly replace: string }[]
}

/** The mistakes that this design invites, each as somebody might well write it. */
export const PLANTED: readonly PlantedBug[] = [
  bug(
    'boundary-included',
    'src/stores/sql/facts.ts',
    `\${time} < \${dialect.instant(range.interval.to)}`,
    `\${time} <= \${dialect.instant(range.interval.to)}`,
  ),
  bug('utc-days', 'src/query/window.ts', 'businessZone: process.zone,', "businessZone: 'UTC',"),
  bug(
    'overlap-twice',
    'src/route/physical.ts',
    'for (const range of rangesOf(firstDay, lastDay, version, time)) {',
    "for (const range of rangesOf(read.kind === 'realtime' ? firstDay - 1 : firstDay, lastDay, version, time)) {",
  ),
  bug(
    'newest-day-decides',
    'src/route/dayRead.ts',
    `if (since === undefined || day < since || !isComplete(source, day, snapshot)) continue
    const version = knownOf(source, snapshot).versions.get(day)`,
    `const { versions, last } = knownOf(source, snapshot)
    if (since === undefined || day < since) continue
    if (source.complete === 'published' ? last === undefined || day > last : !isComplete(source, day, snapshot)) continue
    const version = versions.get(day) ?? versions.get(last ?? day)`,
  ),
  {
    name: 'integers-unquoted',
    edits: [
      {
        file: 'src/stores/sql/clickhouse.ts',
        find: `return sql\`toString(\${call}(`,
        replace: `return sql\`identity(\${call}(`,
      },
      {
        file: 'src/stores/clickhouse/settings.ts',
        find: 'output_format_json_quote_64bit_integers: 1',
        replace: 'output_format_json_quote_64bit_integers: 0',
      },
    ],
  },
  bug(
    'limit-below-merge',
    'src/merge/groups.ts',
    'if (state === undefined) return\n        const before = merged[group]',
    'if (state === undefined || row >= 3) return\n        const before = merged[group]',
  ),
  bug(
    'empty-sum-zero',
    'src/merge/aggregates/sum.ts',
    'export const sum = ofOnePart(readDecimal, add)',
    'export const sum = { ...ofOnePart(readDecimal, add), finish: (of: Decimal | null) => of ?? { units: 0n, scale: 0 } }',
  ),
  bug('never-aligned', 'src/route/physical.ts', 'if (!question.align) return mapped', 'return mapped'),
]

function bug(name: string, file: string, find: string, replace: string): PlantedBug {
  return { name, edits: [{ file, find, replace }] }
}
