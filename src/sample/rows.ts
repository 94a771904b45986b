import { formatDay } from '../base/time.ts'
import type { Cell, DialectName } from '../stores/port.ts'
import type { DayEvents } from './events.ts'
import type { Table } from './tables.ts'
import type { World } from './world.ts'

type Kind = keyof DayEvents
type EventOf<K extends Kind> = DayEvents[K][number]

/** Cells of the columns that an event of a kind has of its own, in the order of its table. */
const OWN: { readonly [K in Kind]: (event: EventOf<K>) => Cell[] } = {
  ads: (ad) => [ad.eventId, ad.kind, ad.viewerId, ...place(ad), formatMoney(ad.cost)],
  consultations: (visit) => [visit.consultationId, visit.buyerId, ...place(visit), visit.attribution],
  orders: (order) => [
    order.orderId,
    order.buyerId,
    ...place(order),
    order.attribution,
    order.buyerType,
    formatMoney(order.amount),
  ],
  payments: (payment) => [
    payment.paymentId,
    payment.orderId,
    payment.buyerId,
    ...place(payment),
    payment.attribution,
    payment.buyerType,
    formatMoney(payment.amount),
  ],
}

/** The columns of a table, in order. */
export function columnsOf(table: Table): string[] {
  return Object.keys(table.columns)
}

/** Rows of an offline table for a business day. */
export function batchRows<K extends Kind>(
  kind: K,
  events: readonly EventOf<K>[],
  of: { readonly day: number; readonly version: number; readonly dialect: DialectName },
): Cell[][] {
  const day = formatDay(of.day)
  return events.map((event) => [day, of.version, formatAt(event.occurredAt, of.dialect), ...OWN[kind](event)])
}

/** Rows of a real-time table. */
export function streamRows<K extends Kind>(kind: K, events: readonly EventOf<K>[], dialect: DialectName): Cell[][] {
  return events.map((event) => [
    formatAt(event.occurredAt, dialect),
    formatAt(event.arrivesAt, dialect),
    ...OWN[kind](event),
  ])
}

/** Rows of the dimension tables. */
export const DIMENSION_ROWS = {
  advertisers: (world: World) => world.advertisers.map((a): Cell[] => [a.id, a.name, a.industry, a.tier, a.region]),
  campaigns: (world: World) => world.campaigns.map((c): Cell[] => [c.id, c.name, c.objective]),
  products: (world: World) => world.products.filter((p) => p.inTable).map((p): Cell[] => [p.id, p.name, p.category]),
} as const

/** An instant as text, in UTC, as the dialect reads it without any setting of the session. */
export function formatAt(instant: number, dialect: DialectName): string {
  const iso = new Date(instant).toISOString()
  return dialect === 'postgres' ? iso : `${iso.slice(0, 10)} ${iso.slice(11, 23)}`
}

function place(event: EventOf<Kind>): Cell[] {
  return [event.advertiserId, event.campaignId, event.channel, event.productId, event.region]
}

/** Fen -> yuan, exactly. */
function formatMoney(fen: number): string {
  const text = String(fen).padStart(3, '0')
  return `${text.slice(0, -2)}.${text.slice(-2)}`
}
