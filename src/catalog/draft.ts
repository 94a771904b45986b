import type { z } from 'zod'
import { didYouMean, nearest } from '../base/didYouMean.ts'
import { innermost, keysAt, valueAt } from '../base/shape.ts'
import { type CatalogFault, type CatalogText, LocatedFile } from './position.ts'
import {
  type CalendarFile,
  type CompositesFile,
  calendarFile,
  compositesFile,
  type DimensionFile,
  dimensionFile,
  type MetricFile,
  type ProcessFile,
  processFile,
} from './schema.ts'

/** A file whose shape is right, with the places of its values. */
export interface Located<T> {
  readonly file: LocatedFile
  readonly value: T
}

/** All files, each of a right shape; what they say together is not checked yet. */
export interface Draft {
  readonly processes: readonly Located<ProcessFile>[]
  readonly composites: readonly Located<CompositesFile>[]
  readonly dimensions: readonly Located<DimensionFile>[]
  readonly calendars: readonly Located<CalendarFile>[]
}

/** A metric with the file, the path in it and, where it stands in one, the process. */
export interface DraftMetric {
  readonly file: LocatedFile
  readonly path: readonly PropertyKey[]
  readonly value: MetricFile
  readonly process: ProcessFile | undefined
}

/** Every metric of a draft, in the order of files. */
export function metricsOfDraft(draft: Draft): DraftMetric[] {
  const ofProcesses = draft.processes.flatMap(({ file, value }) =>
    value.metrics.map((metric, i): DraftMetric => ({ file, path: ['metrics', i], value: metric, process: value })),
  )
  const ofComposites = draft.composites.flatMap(({ file, value }) =>
    value.metrics.map((metric, i): DraftMetric => ({ file, path: ['metrics', i], value: metric, process: undefined })),
  )
  return [...ofProcesses, ...ofComposites]
}

/** Reads all texts; files with faults of shape are reported and left out of the draft. */
export function readDraft(texts: readonly CatalogText[]): { draft: Draft; faults: CatalogFault[] } {
  const faults: CatalogFault[] = []
  const processes: Located<ProcessFile>[] = []
  const composites: Located<CompositesFile>[] = []
  const dimensions: Located<DimensionFile>[] = []
  const calendars: Located<CalendarFile>[] = []
  for (const text of texts) {
    const file = new LocatedFile(text)
    if (file.syntaxFaults.length > 0) {
      faults.push(...file.syntaxFaults)
      continue
    }
    if (isRecord(file.value) && 'dimension' in file.value) keep(file, dimensionFile, dimensions, faults)
    else if (isRecord(file.value) && 'calendar' in file.value) keep(file, calendarFile, calendars, faults)
    else if (isRecord(file.value) && 'process' in file.value) keep(file, processFile, processes, faults)
    else if (isRecord(file.value) && 'metrics' in file.value) keep(file, compositesFile, composites, faults)
    else
      faults.push(
        file.fault([], 'UNKNOWN_FILE', 'The file describes no process, no dimension, no calendar and no metrics.'),
      )
  }
  return { draft: { processes, composites, dimensions, calendars }, faults }
}

function keep<T>(file: LocatedFile, schema: z.ZodType<T>, into: Located<T>[], faults: CatalogFault[]): void {
  const parsed = schema.safeParse(file.value)
  if (parsed.success) into.push({ file, value: parsed.data })
  else for (const issue of parsed.error.issues) faults.push(...shapeFaults(file, schema, innermost(issue)))
}

function shapeFaults(file: LocatedFile, schema: z.ZodType, issue: z.core.$ZodIssue): CatalogFault[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path)
    return issue.keys.map((key) => {
      const near = nearest(key, known)
      return file.fault([...issue.path, key], 'UNKNOWN_KEY', `"${key}" is not known here.${didYouMean(near)}`, near, {
        atKey: true,
      })
    })
  }
  const values = issue.code === 'invalid_value' ? issue.values.map(String) : []
  const written = valueAt(file.value, issue.path)
  const near = typeof written === 'string' ? nearest(written, values) : []
  const shown = typeof written === 'string' ? `"${written.slice(0, 60)}": ` : ''
  const last = issue.path.at(-1)
  const missing = written === undefined && typeof last === 'string'
  const message = missing ? `"${last}" is missing.` : `${shown}${issue.message}.${didYouMean(near)}`
  return [file.fault(issue.path, missing ? 'MISSING_KEY' : 'INVALID_VALUE', message, near)]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
