import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { instrument, withTicks } from './instrument.ts'
import type { Mutant } from './mutant.ts'

/** A copy of the project whose rooms hold their mutants. */
export interface MutantTree {
  readonly root: string
  readonly mutants: readonly Mutant[]
}

/** Folders that are copied; everything else is linked. */
const COPIED = ['src', 'test']
const NOT_LINKED: ReadonlySet<string> = new Set(['.git', ...COPIED])

/** Stores are opened through this, so that they ask their engines the same only once. */
const REMEMBERING = `import { openStore as open } from './openPlain.ts'
import { remembering } from '../../test/mutation/remember.ts'
export * from './openPlain.ts'
export const openStore = async (name: string, url: string) => remembering(await open(name, url))
`

/** Makes the copy in a new folder. Throws when a changed file can not be read as TypeScript any more. */
export function plantTree(home: string, rooms: readonly string[], except: readonly string[] = []): MutantTree {
  const root = mkdtempSync(join(tmpdir(), 'oneservice-mutation-'))
  // As in workerProcess.ts: servers must get through.
  chmodSync(root, 0o755)
  for (const name of readdirSync(home)) if (!NOT_LINKED.has(name)) symlinkSync(join(home, name), join(root, name))
  for (const name of COPIED) cpSync(join(home, name), join(root, name), { recursive: true })
  const mutants: Mutant[] = []
  for (const file of sourcesOf(root)) {
    const path = join(root, file)
    const source = readFileSync(path, 'utf8')
    if (!isIn(file, rooms) || isIn(file, except)) {
      writeFileSync(path, withTicks(file, source))
      continue
    }
    const { text, mutants: more } = instrument(file, source, mutants.length + 1)
    mutants.push(...more)
    writeFileSync(path, text)
  }
  rememberIn(join(root, 'src/stores'))
  collectIn(join(root, 'test/merge'))
  mkdirSync(join(root, 'tmp'), { mode: 0o755 })
  return { root, mutants }
}

function rememberIn(folder: string): void {
  renameSync(join(folder, 'open.ts'), join(folder, 'openPlain.ts'))
  writeFileSync(join(folder, 'open.ts'), REMEMBERING)
}

/** Tests become cases where they are collected instead of run. */
function collectIn(folder: string): void {
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.test.ts')) continue
    const path = join(folder, file)
    writeFileSync(path, readFileSync(path, 'utf8').replace("from 'vitest'", "from '../mutation/collect.ts'"))
  }
}

function sourcesOf(root: string): string[] {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `src/${file.replaceAll('\\', '/')}`)
    .toSorted()
}

function isIn(file: string, rooms: readonly string[]): boolean {
  return rooms.some((room) => file === room || file.startsWith(`${room}/`))
}
