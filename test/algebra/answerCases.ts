import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'
import { SET_UPS } from './setUps.ts'

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '../answers/algebra')
const RULES = 'rules.yaml'

/** One expectation for every set-up, or one for each of some. */
function perSetUp<T extends z.ZodType>(one: T) {
  return z.union([one, z.partialRecord(z.enum(SET_UPS), one)])
}

const finality = z.union([z.string(), z.array(z.string())])

/**
 * Case files of the algebra: questions on the test business of test/algebra, each beside a statement written by hand
 * over the rows that count (test/algebra/world/tables.sql). The statement knows nothing of stores and publications.
 *
 *   - case: what is tested, in words; a name of its own
 *     rule: the rules it shows, by their names in rules.yaml
 *     question: as callers write it
 *     check_sql: its columns are named and ordered like the answer's, its rows come in the answer's order
 *     totals_sql: the one row of totals, by column name
 *     subtotals: [{ by, sql }], rows compared by column name and in order
 *     finality: of every row, or a list, one a row; or {split: ..., hole: ...}
 *     notice: codes that the notices must hold; or by set-up
 *     approximate: how far numbers may lie apart, relative to what is expected
 *     truncated: true where a limit cuts
 *     empty: true where no rows is right; otherwise no rows is a case that tests nothing
 *     refused: the code of a refusal, in place of check_sql
 *     pages: the sizes of the pages that, asked one after another by their cursors, make up the rows
 *     set_ups: where the case makes sense, when not everywhere
 */
const answerCase = z
  .strictObject({
    case: z.string().min(1),
    rule: z.array(z.string()).min(1),
    question: z.record(z.string(), z.unknown()),
    check_sql: z.string().optional(),
    totals_sql: z.string().optional(),
    subtotals: z.array(z.strictObject({ by: z.array(z.string()), sql: z.string() })).optional(),
    finality: perSetUp(finality).optional(),
    notice: perSetUp(z.array(z.string())).optional(),
    approximate: z.number().optional(),
    truncated: z.boolean().optional(),
    empty: z.boolean().default(false),
    refused: z.string().optional(),
    pages: z.array(z.number()).optional(),
    set_ups: z.array(z.enum(SET_UPS)).default([...SET_UPS]),
  })
  .refine((each) => (each.check_sql === undefined) !== (each.refused === undefined), {
    error: 'a case has either check_sql or refused',
  })

export type AlgebraCase = z.output<typeof answerCase>

export interface CaseFile {
  readonly file: string
  readonly cases: readonly AlgebraCase[]
}

/** Every file of cases, in order of name. Refuses a case that is written twice. */
export function readAlgebraCases(): CaseFile[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml') && name !== RULES)
  const seen = new Set<string>()
  return names.toSorted().map((file) => {
    const parsed = z
      .array(answerCase)
      .min(1)
      .safeParse(parse(readFileSync(join(FOLDER, file), 'utf8')))
    if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`)
    for (const { case: name } of parsed.data) {
      if (seen.has(name)) throw new Error(`${file}: there are two cases "${name}"`)
      seen.add(name)
    }
    return { file, cases: parsed.data }
  })
}

/** The rules that cases name: id -> the rule in a few words. */
export function readRules(): ReadonlyMap<string, string> {
  const rules = z.record(z.string(), z.string()).parse(parse(readFileSync(join(FOLDER, RULES), 'utf8')))
  return new Map(Object.entries(rules))
}
