import { BENCHES } from './benches.ts'

/**
 * `node test/bench/run.ts [word ...]`: the benches whose name holds one of the words; all without words. Ends with 1 when
 * a target was missed.
 */
const words = process.argv.slice(2)
const wanted = BENCHES.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)))
const print = (line: string): void => void process.stdout.write(`${line}\n`)

const missed: string[] = []

if (wanted.length === 0) print(`No bench is called so; there are ${BENCHES.map(({ name }) => name).join(', ')}.`)
for (const { name, says, run } of wanted) {
  print(`\n${name}: ${says}`)
  await run(print, (target) => {
    missed.push(name)
    print(`  MISSED: ${target}`)
  })
}
// Left to end by itself the process would end with 0, whatever its exit code is: the database server's hook says so.
if (missed.length > 0) process.exit(1)
