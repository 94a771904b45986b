import type { Figures, Receipt } from '../../gateway/answerTypes.ts'
import { writeAnswer } from '../shapes.ts'
import { writeArrow } from './arrow/stream.ts'
import type { Aside } from './asides.ts'
import type { Chunk } from './blocks.ts'
import { writeCsv } from './csv.ts'
import type { Representation } from './format.ts'
import { writeNdjson } from './ndjson.ts'

/** An answer in the representation asked for, block by block. */
export function writeIn(
  { type, shape, numbers }: Representation,
  figures: Figures,
  receipt: Receipt,
  asides: readonly Aside[],
): Iterable<Chunk> {
  switch (type) {
    case 'application/json':
      return writeAnswer(figures, receipt, shape, numbers)
    case 'text/csv':
      return writeCsv(figures)
    case 'application/x-ndjson':
      return writeNdjson(figures, numbers)
    case 'application/vnd.apache.arrow.stream':
      return writeArrow(figures, asides)
  }
}
