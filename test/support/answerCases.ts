import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

/**
 * Case files: a list of questions, each beside a statement written by hand that says what the answer must be. The
 * statement reads the plain rows that count (what they are says truth.sql in the same folder) and knows nothing of
 * stores, publications or states.
 *
 *   - case: what is tested, in words; a name of its own
 *     question: as callers write it
 *     check_sql: its columns are named and ordered like the answer's, its rows come in the answer's order
 *     finality: of every row, or a list, one a row; a column `finality` of check_sql, which comes last, does the same
 *     totals_sql: the one row of totals, where the question asks for totals
 *     final_through: the day that `freshness` names, or null
 *     notices: code, first and last day of each, in order
 *     truncated: true where a limit cuts
 *     empty: true where no rows is right; otherwise no rows is a case that tests nothing
 *     fault: the code of a refusal, in place of check_sql
 *     says: what stands in the text of the refusal
 */
const answerCase = z
  .strictObject({
    case: z.string().min(1),
    question: z.record(z.string(), z.unknown()),
    check_sql: z.string().optional(),
    finality: z.union([z.string(), z.array(z.string())]).optional(),
    totals_sql: z.string().optional(),
    final_through: z.string().nullable().optional(),
    notices: z.array(z.string()).optional(),
    truncated: z.boolean().default(false),
    empty: z.boolean().default(false),
    fault: z.string().optional(),
    says: z.string().optional(),
  })
  .refine((each) => (each.check_sql === undefined) !== (each.fault === undefined), {
    error: 'a case has either check_sql or a fault',
  })

export type AnswerCase = z.output<typeof answerCase>

/** The cases of one file. */
export interface CaseFile {
  readonly file: string
  readonly cases: readonly AnswerCase[]
}

/** Every *.yaml of a folder that holds cases, in order of name. Refuses a case that is written twice. */
export function readCaseFiles(folder: string): CaseFile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
  const seen = new Set<string>()
  return names.toSorted().map((file) => {
    const cases = z
      .array(answerCase)
      .min(1)
      .parse(parse(readFileSync(join(folder, file), 'utf8')))
    for (const { case: name } of cases) {
      if (seen.has(name)) throw new Error(`${file}: there are two cases "${name}"`)
      seen.add(name)
    }
    return { file, cases }
  })
}
