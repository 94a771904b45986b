import { type Command, RUN } from './command.ts'
import type { OptionSpec } from './option.ts'

/** The help of the whole. */
export function helpOfAll(commands: readonly Command[], version: string): string {
  const wide = Math.max(...commands.map(({ name }) => name.length))
  return text([
    `OneService ${version}: a metrics layer and unified query gateway`,
    '',
    'usage: oneservice <command> [options]',
    `       run as "${RUN} <command> ..." or "node src/main.ts <command> ..."`,
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(wide)}  ${summary}`),
    '',
    '  --help       of a command: oneservice <command> --help',
    '  --version',
    '',
    'Try, with nothing set up (the sample business is made at the first start, in about twenty seconds):',
    '',
    ...commands.flatMap(({ examples }) => examples.slice(0, 1)).map(({ line }) => `  ${RUN} ${line}`),
    '',
    'Exit codes: 0 done, 1 refused (the question, the catalog or the state), 2 wrong command line or environment,',
    '3 a gateway or store out of reach, or something broke.',
  ])
}

/** The help of one command. */
export function helpOf({ name, summary, about, options, words = [], examples }: Command): string {
  const all: [string, OptionSpec][] = [...Object.entries(options), ['help', { type: 'boolean', help: 'This help.' }]]
  const heads = all.map(([option, spec]) => headOf(option, spec))
  const wide = Math.max(...heads.map((head) => head.length))
  return text([
    `usage: oneservice ${name} [options]${words.map((word) => ` [${word}]`).join('')}`,
    '',
    summary,
    ...about,
    '',
    ...all.map(([, { help }], i) => `  ${(heads[i] ?? '').padEnd(wide)}  ${help}`),
    '',
    'Examples:',
    ...examples.flatMap(({ line, does }) => ['', `  # ${does}`, `  ${RUN} ${line}`]),
  ])
}

function headOf(option: string, { value, takesMore }: OptionSpec): string {
  return `--${option}${value === undefined ? '' : ` ${value}`}${takesMore === true ? ' ...' : ''}`
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`
}
