import type { Cell } from '../stores/port.ts'

/** A cell as text; nothing is null. */
export function textOf(cell: Cell | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell)
}

/** A cell as a number; nothing is null. */
export function numberOf(cell: Cell | undefined): number | null {
  return cell === null || cell === undefined ? null : Number(cell)
}
