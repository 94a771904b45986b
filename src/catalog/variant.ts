import type { Fill, Offset, Period, Stretch, Variant } from './catalog.ts'
import type { FilterInput } from './filterSchema.ts'
import type { FillFile, PeriodFile } from './schema.ts'

/** What is written of a variant, in the catalog and in questions alike. */
export interface VariantText {
  readonly modifiers?: readonly string[] | undefined
  readonly filters?: readonly FilterInput[] | undefined
  readonly period?: PeriodFile | undefined
  readonly offset?: string | undefined
}

/** A variant as written -> as meant. The texts have passed their schema. */
export function readVariant({ modifiers, filters, period, offset }: VariantText): Variant {
  return {
    modifiers: modifiers ?? [],
    filters: filters ?? [],
    period: period === undefined ? undefined : readPeriod(period),
    offset: offset === undefined ? undefined : readOffset(offset),
  }
}

/** `trailing 7 days` and the like. */
export function readPeriod(file: PeriodFile): Period {
  if (typeof file !== 'string') {
    const { trailing, leading, toDate, atStart, at } = file
    return { trailing: readBound(trailing), leading: readBound(leading), toDate, atStart, at }
  }
  const whole = { trailing: undefined, leading: undefined, toDate: undefined, atStart: false, at: 'last' } as const
  if (file === 'all time') return { ...whole, trailing: 'all' }
  const toDate = /^(\S+) to date$/.exec(file)
  if (toDate !== null) return { ...whole, toDate: toDate[1] }
  const stretch = readStretch(file.slice(file.indexOf(' ') + 1))
  return file.startsWith('trailing') ? { ...whole, trailing: stretch } : { ...whole, leading: stretch }
}

/** The period in the words of the catalog. */
export function formatPeriod({ trailing, leading, toDate, atStart, at }: Period): string {
  const parts = [
    ...(toDate === undefined ? [] : [`${toDate} to date`]),
    ...(trailing === undefined ? [] : [trailing === 'all' ? 'all time' : `trailing ${formatStretch(trailing)}`]),
    ...(leading === undefined ? [] : [leading === 'all' ? 'all that follows' : `leading ${formatStretch(leading)}`]),
  ]
  return `${parts.join(' and ')}${atStart ? ' at its start' : ''}${at === 'last' ? '' : `, ${at} of a bucket`}`
}

/** `7 days`, `start of month`; a negative span looks ahead. */
export function readOffset(text: string): Offset {
  const start = /^start of (\S+)$/.exec(text)
  return start === null ? { kind: 'back', by: readStretch(text) } : { kind: 'start', of: start[1] ?? '' }
}

export function formatOffset(offset: Offset): string {
  return offset.kind === 'start' ? `the start of the ${offset.of}` : formatStretch(offset.by)
}

export function formatStretch({ count, unit }: Stretch): string {
  return `${count} ${unit}${Math.abs(count) === 1 ? '' : 's'}`
}

function readBound(text: string | undefined): Stretch | 'all' | undefined {
  return text === undefined || text === 'all' ? text : readStretch(text)
}

/** `7 days` -> 7 of day; the plural of a grain or of a calendar is its name and an s. */
function readStretch(text: string): Stretch {
  const [count = '', unit = ''] = text.split(' ')
  return { count: Number(count), unit: unit.replace(/s$/, '') }
}

export function readFill({ spine, value, groups }: FillFile): Fill {
  return { spine, value: typeof value === 'number' ? String(value) : value, groups }
}

/** True when a bucket shows the average of its values: a double, whatever they are. */
export function averages(period: Period | undefined): boolean {
  return period?.at === 'average' && !period.atStart
}
