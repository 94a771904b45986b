import { mkdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Catalog } from '../catalog/catalog.ts'
import { compileCatalog, formatFault } from '../catalog/compile.ts'
import { catalogJsonSchemas } from '../catalog/jsonSchema.ts'
import type { CatalogFault } from '../catalog/position.ts'
import { readCatalogTexts } from '../control/loadCatalog.ts'
import { dialectOfUrl } from '../stores/open.ts'
import { overridesOf } from './arguments.ts'
import type { Command } from './command.ts'
import { type CliContext, EXIT, type ExitCode } from './context.ts'
import { painter, printable } from './paint.ts'
import { writeJson } from './prettyJson.ts'
import { tenantLines, tenantReports } from './tenants.ts'

/** `oneservice validate`: every fault of a catalog at once; also writes the JSON Schemas that editors use. */
export const validate: Command = {
  name: 'validate',
  summary: 'Checks a catalog and reports every fault with its place.',
  about: ['Exits with 1 when there are faults.'],
  options: {
    catalog: {
      type: 'string',
      value: 'DIR',
      help: 'The folder holding metrics/ and dimensions/ (ONESERVICE_CATALOG).',
    },
    tenants: {
      type: 'boolean',
      help: 'Shows for every dimension a tenant may be bound to how each source is cut to it, and what is hidden.',
    },
    json: { type: 'boolean', help: 'Prints faults or summary as JSON.' },
    schema: { type: 'string', value: 'DIR', help: 'Writes the JSON Schemas of catalog files into DIR, and ends.' },
  },
  examples: [
    { line: 'validate', does: 'the sample business' },
    { line: 'validate --catalog catalog --json', does: 'your own, for a script' },
    { line: 'validate --tenants', does: 'what a tenant can be answered from, with the proof' },
    { line: 'validate --schema docs/schema', does: 'what editors complete and check by' },
  ],
  async run(given, context) {
    const schemas = given.text('schema')
    if (schemas !== undefined) return writeSchemas(schemas, context)
    const { catalogFolder, stores } = context.readConfig(overridesOf(given, { catalog: 'ONESERVICE_CATALOG' }))
    const compiled = compileCatalog(await readCatalogTexts(catalogFolder))
    const json = given.has('json')
    if (compiled.ok) {
      const { catalog } = compiled
      const summary = summaryOf(catalog)
      const tenants = given.has('tenants')
        ? tenantReports(catalog, (store) => dialectOfUrl(stores.get(store) ?? ''))
        : undefined
      const lines = tenantLines(tenants ?? [], painter(context.stdout)).map((line) => `${line}\n`)
      const told = json ? `${JSON.stringify({ ok: true, ...summary, tenants })}\n` : summaryText(summary, context)
      context.stdout.write(`${json ? '' : lines.join('')}${told}`)
      return EXIT.ok
    }
    const faults = compiled.faults.map((fault) => ({ ...fault, file: nearPath(catalogFolder, fault.file) }))
    context.stdout.write(json ? `${JSON.stringify({ ok: false, faults })}\n` : faultsText(faults, context))
    return EXIT.refused
  },
}

/** Where the file stands as seen from here, so that terminals and editors can follow it. */
function nearPath(folder: string, file: string): string {
  const path = join(folder, file)
  const near = relative(process.cwd(), path)
  return near.startsWith('..') ? path : near
}

function faultsText(faults: readonly CatalogFault[], context: CliContext): string {
  const paint = painter(context.stdout)
  const lines = faults.map((fault) => {
    const place = `${fault.file}:${fault.line}:${fault.column}`
    const line = printable(formatFault(fault))
    return `${paint(place, 'bold')} ${paint(fault.code, 'red')}${line.slice(`${place} ${fault.code}`.length)}`
  })
  return `${[...lines, '', `${faults.length} fault${faults.length === 1 ? '' : 's'}`].join('\n')}\n`
}

function summaryOf(catalog: Catalog) {
  return {
    processes: catalog.processes.size,
    dimensions: catalog.dimensions.size,
    metrics: catalog.metrics.size,
    sources: catalog.sources.size,
    stores: [...catalog.stores],
    catalogVersion: catalog.version,
  }
}

function summaryText(summary: ReturnType<typeof summaryOf>, context: CliContext): string {
  const { processes, dimensions, metrics, sources, stores, catalogVersion } = summary
  const fine = painter(context.stdout)('The catalog is fine.', 'green')
  const counts = `processes: ${processes}, dimensions: ${dimensions}, metrics: ${metrics}, sources: ${sources}`
  return `${fine} ${counts}; stores: ${stores.join(', ')}; catalogVersion ${catalogVersion}\n`
}

function writeSchemas(folder: string, context: CliContext): ExitCode {
  mkdirSync(folder, { recursive: true })
  for (const [name, schema] of catalogJsonSchemas()) {
    writeFileSync(join(folder, name), `${writeJson(schema)}\n`)
    context.stdout.write(`wrote ${join(folder, name)}\n`)
  }
  return EXIT.ok
}
