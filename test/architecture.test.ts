import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const SRC = resolve(dirname(fileURLToPath(import.meta.url)), '../src')

/** From the bottom up: a room imports from rooms before it, never from one behind it. */
const ROOMS = [
  'base',
  'catalog',
  'query',
  'plan',
  'route',
  'stores',
  'merge',
  'control',
  'gateway',
  'api',
  'sample',
  'config.ts',
  'compose',
  'compose.ts',
  'cli',
  'main.ts',
]

/** Rooms that hold the hard logic: no I/O, the clock is a value. */
const PURE = ['base', 'catalog', 'query', 'plan', 'route', 'merge']
const ALLOWED_IN_PURE = new Set(['node:crypto', 'temporal-polyfill', 'yaml', 'zod'])

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))

interface Import {
  readonly from: string
  readonly to: string
}

function importsOf(path: string): string[] {
  const text = readFileSync(join(SRC, path), 'utf8')
  const statements = text.matchAll(
    /^(?:import|export)\b[^'`]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm,
  )
  return [...statements].flatMap((match) => match[1] ?? match[2] ?? match[3] ?? [])
}

const local: Import[] = files.flatMap((from) =>
  importsOf(from)
    .filter((target) => target.startsWith('.'))
    .map((target) => ({ from, to: relative(SRC, resolve(SRC, dirname(from), target)) })),
)

const roomOf = (path: string): string => path.split('/')[0] ?? path

describe('architecture', () => {
  it('knows every room', () => {
    const unknown = [...new Set(files.map(roomOf))].filter((room) => !ROOMS.includes(room))
    expect(unknown).toEqual([])
  })

  it('imports downward only', () => {
    const upward = local.filter(({ from, to }) => ROOMS.indexOf(roomOf(to)) > ROOMS.indexOf(roomOf(from)))
    expect(upward.map(({ from, to }) => `${from} -> ${to}`)).toEqual([])
  })

  it('has no circle of imports, type imports included', () => {
    const targets = Map.groupBy(local, ({ from }) => from)
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (path: string, way: readonly string[]): void => {
      if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' -> '))
      if (done.has(path) || way.includes(path)) return
      for (const { to } of targets.get(path) ?? []) visit(to, [...way, path])
      done.add(path)
    }
    for (const path of files) visit(path, [])
    expect(circles).toEqual([])
  })

  it('keeps I/O out of the pure rooms', () => {
    const impure = files
      .filter((path) => PURE.includes(roomOf(path)))
      .flatMap((path) => importsOf(path).map((target) => ({ path, target })))
      .filter(({ target }) => !target.startsWith('.') && !ALLOWED_IN_PURE.has(target))
    expect(impure).toEqual([])
  })

  it('reads the environment in main.ts alone', () => {
    const readers = files.filter(
      (path) => path !== 'main.ts' && /process\.env/.test(readFileSync(join(SRC, path), 'utf8')),
    )
    expect(readers).toEqual([])
  })

  it('reads the clock through a value', () => {
    const readers = files
      .filter((path) => PURE.includes(roomOf(path)) && path !== 'base/clock.ts')
      .filter((path) => /Date\.now\(\)|new Date\(\)/.test(readFileSync(join(SRC, path), 'utf8')))
    expect(readers).toEqual([])
  })

  it('has a README in every room', () => {
    const rooms = readdirSync(SRC).filter((name) => statSync(join(SRC, name)).isDirectory())
    expect(rooms.filter((room) => !existsSync(join(SRC, room, 'README.md')))).toEqual([])
  })
})
