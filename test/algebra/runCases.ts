import { readAlgebraCases } from './answerCases.ts'
import { checkAnswer, readTruth } from './checkAnswer.ts'
import { openTruth, openWorld } from './openWorld.ts'
import { SET_UPS } from './setUps.ts'

/**
 * Runs cases without vitest, for quick work:
 *
 *   node test/algebra/runCases.ts <set-up> [words of a case's name, file or rule]
 *   node test/algebra/runCases.ts truth [words]      prints what check_sql gives, and asks nothing
 */
const [place = '', ...words] = process.argv.slice(2)
const filter = words.join(' ').toLowerCase()
const files = readAlgebraCases().map(({ file, cases }) => ({
  file,
  cases: cases.filter((each) => [file, each.case, ...each.rule].join(' ').toLowerCase().includes(filter)),
}))
const setUp = SET_UPS.find((name) => name === place)

if (place === 'truth') await printTruth()
else if (setUp === undefined) say(`node test/algebra/runCases.ts ${[...SET_UPS, 'truth'].join('|')} [words]`)
else await run(setUp)

async function run(name: (typeof SET_UPS)[number]): Promise<void> {
  const world = await openWorld(name)
  let passed = 0
  let failed = 0
  try {
    for (const { file, cases } of files) {
      const before = failed
      for (const each of cases.filter(({ set_ups }) => set_ups.includes(name))) {
        const wrong = await checkAnswer(each, world).catch((error: unknown) => [String(error)])
        if (wrong.length === 0) passed++
        else {
          failed++
          say(`FAIL ${file}: ${each.case}\n  ${wrong.join('\n').replaceAll('\n', '\n  ')}`)
        }
      }
      if (cases.length > 0) say(`${file}: ${failed - before} of ${cases.length} failed`)
    }
  } finally {
    await world.stop()
  }
  say(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
}

async function printTruth(): Promise<void> {
  const truth = await openTruth()
  try {
    for (const { file, cases } of files) {
      for (const each of cases) {
        say(`\n== ${file}: ${each.case}`)
        const statements = [each.check_sql, each.totals_sql, ...(each.subtotals ?? []).map(({ sql }) => sql)]
        for (const sql of statements.flatMap((text) => text ?? [])) say(await printed(sql, truth.store))
      }
    }
  } finally {
    await truth.stop()
  }
}

async function printed(sql: string, store: Parameters<typeof readTruth>[0]): Promise<string> {
  try {
    const { columns, rows } = await readTruth(store, sql)
    return [columns, ...rows].map((row) => row.map((cell) => cell ?? '∅').join(' | ')).join('\n')
  } catch (error) {
    process.exitCode = 1
    const cause = error instanceof Error ? error.cause : undefined
    return `FAIL ${cause instanceof Error ? cause.message : String(error)}`
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
