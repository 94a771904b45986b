import type { Fill, Period } from '../catalog/catalog.ts'
import { type Pick, pickOf, type SeriesNode, type Shifted } from './logical.ts'

/** A series node by node, flat: what reading and evaluating it ask for. */
export interface SeriesSteps {
  readonly pick: Pick
  readonly period: Period | undefined
  /** The outermost first: a day is moved by one after the other. */
  readonly shifts: readonly Shifted[]
  readonly fill: Fill | undefined
}

/** The steps of a series. */
export function stepsOf(node: SeriesNode): SeriesSteps {
  let period: Period | undefined
  let fill: Fill | undefined
  const shifts: Shifted[] = []
  let at: SeriesNode = node
  while (at.kind !== 'pick') {
    if (at.kind === 'fill') fill = at.fill
    else if (at.kind === 'period') period = at.period
    else shifts.push(at)
    at = at.input
  }
  return { pick: pickOf(node), period, shifts, fill }
}
