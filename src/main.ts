#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCli } from './cli/cli.ts'
import { readConfig } from './config.ts'

/** The only reader of process.env: everything else is given a Config. */
const home = dirname(dirname(fileURLToPath(import.meta.url)))
const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }

process.exitCode = await runCli(process.argv.slice(2), {
  home,
  version,
  readConfig: (overrides) => readConfig({ ...process.env, ...overrides }, home, process.cwd()),
  stdout: process.stdout,
  stderr: process.stderr,
})
