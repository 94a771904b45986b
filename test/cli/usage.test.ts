import { describe, expect, it } from 'vitest'
import { readArguments } from '../../src/cli/arguments.ts'
import { COMMANDS } from '../../src/cli/commands.ts'
import { questionText } from '../../src/cli/questionArguments.ts'
import { loadCatalog } from '../../src/control/loadCatalog.ts'
import { readQuestion } from '../../src/query/readQuestion.ts'
import { resolve } from '../../src/query/resolve.ts'
import { HOME, oneservice } from './run.ts'

describe('the help', () => {
  it('lists every command', async () => {
    const { code, stdout, stderr } = await oneservice(['--help'])
    expect([code, stderr]).toEqual([0, ''])
    for (const { name } of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name} +[A-Z]`, 'm'))
  })

  it.each(COMMANDS.map(({ name }) => name))('of %s names its options and shows examples', async (name) => {
    const { code, stdout } = await oneservice([name, '--help'])
    const command = COMMANDS.find((each) => each.name === name)
    expect(code).toBe(0)
    for (const option of Object.keys(command?.options ?? {})) expect(stdout).toContain(`--${option}`)
    expect(stdout).toContain(`oneservice -- ${name}`)
  })

  it('goes to the error stream with 2 when nothing is asked', async () => {
    const { code, stdout, stderr } = await oneservice([])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('usage: oneservice')
  })

  it('tells the version', async () => {
    expect(await oneservice(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' })
  })
})

describe('examples of the help', () => {
  const examples = COMMANDS.flatMap((command) => command.examples.map(({ line }) => [line, command] as const))

  it.each(examples)('%s is well formed', (line, command) => {
    const [name, ...args] = words(line)
    expect(name).toBe(command.name)
    readArguments(args, command.options, command.words)
  })

  it.each(examples.filter(([line]) => /^(query|explain)/.test(line)))(
    '%s can be asked of the sample business',
    async (line, command) => {
      const text = await questionText(readArguments(words(line).slice(1), command.options, command.words))
      const context = { catalog: await loadCatalog(HOME), now: Date.parse('2026-11-20T10:00:00+08:00'), scope: [] }
      expect(resolve(readQuestion(JSON.parse(text)), context).question.metrics.length).toBeGreaterThan(0)
    },
  )
})

describe('a wrong command line', () => {
  it.each([
    [['qury'], 'There is no command "qury". Did you mean "query"?'],
    [['help', 'publsh'], 'Did you mean "publish"?'],
    [['--port', '1'], 'A command comes first'],
    [['query', '--metrcs', 'a'], 'There is no option --metrcs here. Did you mean "--metrics"?'],
    [['query', '--__proto__', 'a'], 'There is no option --__proto__ here.'],
    [['query', '--metrics'], '--metrics needs a value.'],
    [['query', '--metrics', '--totals'], '--metrics needs a value.'],
    [['query', '--totals=yes', '--metrics', 'a'], '--totals takes no value.'],
    [['query', '--grain', 'day', '--grain', 'week'], '--grain is given twice.'],
    [['query', '--filter', 'channel', 'in', 'feed'], '"in" is one word too many.'],
    [['query'], 'Ask something'],
    [['query', '--metrics', 'a', '--question', '{}'], '--metrics belongs into it'],
    [['query', '--question', '@nowhere.json'], "nowhere.json can't be read (ENOENT)"],
    [['query', '--metrics', 'a', '--limit', 'ten'], '--limit takes a whole number from 0, not "ten".'],
    [['query', '--metrics', 'a', '--from', '2026-11-01'], '--from and --to go together'],
    [['query', '--metrics', 'a', '--filter', 'channel inn feed'], '"inn" is not an operator. Did you mean "in"'],
    [['serve', '--port', '70000'], '--port takes a whole number from 0 to 65535, not "70000".'],
    [['publish', '--source', 'ad_delivery_day'], 'Name the business days'],
    [['publish', '--withdraw', '--day', '2026-11-19'], '--withdraw needs the --source.'],
    [['stage', '--day', '2026-11-19'], 'Name the --source and the --version.'],
    [['guard'], 'Name the stream'],
    [['init', '--table', 'orders'], 'Name the --store and the --table.'],
    [['init', '--store', 'nowhere', '--table', 'orders'], 'set ONESERVICE_STORE_NOWHERE to its URL'],
    [['init', '--store', 'offline', '--table', 'a', '--zone', 'Asia/Shangai'], 'Did you mean "Asia/Shanghai"'],
  ])('%j exits with 2, one message and no stack trace', async (args, message) => {
    const { code, stdout, stderr } = await oneservice(args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
    expect(stderr).not.toMatch(/\n {4}at |node:internal/)
  })

  it('is told apart from a wrong environment, which exits with 2 as well and names the variable', async () => {
    const { code, stderr } = await oneservice(['validate'], { env: { ONESERVICE_NOW: 'soon' } })
    expect(code).toBe(2)
    expect(stderr).toContain('ONESERVICE_NOW')
  })
})

describe('a gateway out of reach', () => {
  it('exits with 3', async () => {
    const env = { ONESERVICE_URL: 'http://127.0.0.1:1' }
    const { code, stdout, stderr } = await oneservice(['query', '--metrics', 'ctr'], { env })
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toContain("The gateway at http://127.0.0.1:1 can't be reached")
  })

  it('is not asked with a password in its address, which is not shown either', async () => {
    const env = { ONESERVICE_URL: 'http://me:secret@127.0.0.1:1' }
    const { code, stderr } = await oneservice(['query', '--metrics', 'ctr'], { env })
    expect(code).toBe(2)
    expect(stderr).toContain('ONESERVICE_ADMIN_KEY')
    expect(stderr).not.toContain('secret')
  })
})

/** A line as a shell splits it. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  )
}
