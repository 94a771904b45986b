/** An answer or an expectation in one plain form: exact numbers are texts of their digits, doubles numbers. */
export type Cell = string | number | boolean | null

export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  readonly totals: readonly Cell[] | undefined
  readonly subtotals: readonly { readonly columns: readonly string[]; readonly rows: readonly (readonly Cell[])[] }[]
  readonly truncated: boolean
}

/** By column: how far a double may be off, as a share of itself. */
export type Tolerances = ReadonlyMap<string, number>

const DOUBLE = 1e-9

/** What differs, in words; undefined when nothing does. */
export function difference(got: Table, wanted: Table, tolerances: Tolerances): string | undefined {
  const tolerance = (column: string | undefined) => tolerances.get(column ?? '') ?? DOUBLE
  const metrics = wanted.columns.filter((name) => name !== 'finality' && !name.endsWith('__finality'))
  return (
    rowsDiffer('', got, wanted, tolerance) ??
    totalsDiffer(got.totals, wanted.totals, metrics, tolerance) ??
    subtotalsDiffer(got, wanted, tolerance) ??
    (got.truncated === wanted.truncated ? undefined : `truncated ${got.truncated} instead of ${wanted.truncated}`)
  )
}

type Sheet = Pick<Table, 'columns' | 'rows'>

function rowsDiffer(of: string, got: Sheet, wanted: Sheet, tolerance: (column: string) => number): string | undefined {
  if (got.columns.join() !== wanted.columns.join())
    return `${of}columns ${got.columns.join(', ')} instead of ${wanted.columns.join(', ')}`
  for (const [i, row] of wanted.rows.entries()) {
    const other = got.rows[i]
    if (other === undefined) break
    const at = row.findIndex((cell, j) => !same(other[j] ?? null, cell, tolerance(wanted.columns[j] ?? '')))
    if (at >= 0)
      return `${of}row ${i} (${JSON.stringify(row[0])}), ${wanted.columns[at]}: ${JSON.stringify(other[at])} instead of ${JSON.stringify(row[at])}`
  }
  if (got.rows.length !== wanted.rows.length) return `${of}${got.rows.length} rows instead of ${wanted.rows.length}`
  return undefined
}

function totalsDiffer(
  got: readonly Cell[] | undefined,
  wanted: readonly Cell[] | undefined,
  metrics: readonly string[],
  tolerance: (column: string) => number,
): string | undefined {
  if (got === undefined && wanted === undefined) return undefined
  // Shares have no total, so that cells and names do not line up: the widest tolerance is that of them all.
  const widest = Math.max(...metrics.map(tolerance))
  const isSame =
    got?.length === wanted?.length && (got ?? []).every((cell, i) => same(cell, wanted?.[i] ?? null, widest))
  return isSame ? undefined : `totals ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`
}

function subtotalsDiffer(got: Table, wanted: Table, tolerance: (column: string) => number): string | undefined {
  if (got.subtotals.length !== wanted.subtotals.length)
    return `${got.subtotals.length} subtotals instead of ${wanted.subtotals.length}`
  for (const [i, each] of wanted.subtotals.entries()) {
    const other = got.subtotals[i]
    const what = other && rowsDiffer(`subtotal ${i}: `, other, each, tolerance)
    if (what !== undefined) return what
  }
  return undefined
}

function same(got: Cell, wanted: Cell, tolerance: number): boolean {
  if (got === wanted) return true
  if (got === null || wanted === null || typeof got === 'boolean' || typeof wanted === 'boolean') return false
  // Exact on both sides: digit for digit, but where the algorithm is approximate.
  if (typeof got === 'string' && typeof wanted === 'string' && tolerance === DOUBLE) return false
  const [a, b] = [Number(got), Number(wanted)]
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b), tolerance === DOUBLE ? 1e-6 : 0)
}
