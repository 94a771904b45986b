/** Names of the moment at which something happened, the surest first. */
const HAPPENED = [
  'occurred_at',
  'event_time',
  'event_at',
  'happened_at',
  'created_at',
  'create_time',
  'created_time',
  'gmt_create',
  'created',
  'ordered_at',
  'order_time',
  'paid_at',
  'event_timestamp',
  'timestamp',
  'time',
  'ts',
  'datetime',
  'event_date',
  'created_on',
  'order_date',
  'day',
  'date',
  'dt',
  'ds',
]

const LIKELY = /(_at|_time|_ts|_date|_day|_on)$/
/** Something that changes later, or that is no moment of the event. */
const UNLIKELY = /updat|modif|delet|expir|birth|(^|_)(end|finish|cancel|refund|due|valid|last)/

/** How likely a column of time is the time of its row: the lower the likelier. */
export function timeRank({ name, kind }: { readonly name: string; readonly kind: string }): number {
  const lower = name.toLowerCase()
  const known = HAPPENED.indexOf(lower)
  if (known >= 0) return known
  const base = UNLIKELY.test(lower) ? 300 : LIKELY.test(lower) ? 100 : 200
  return base + (kind === 'date' ? 1 : 0)
}
