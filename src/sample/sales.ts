import { HOUR, MINUTE } from '../base/time.ts'
import { isNewcomerOf } from './audience.ts'
import type { Consultation, Order, Payment } from './events.ts'
import type { Random } from './random.ts'
import { drawArrival } from './shape.ts'
import { type CreditedVisit, drawVisits, type VisitDay, type VisitKind } from './visits.ts'

const CONSULTATIONS: VisitKind = {
  salt: 0x636f6e73,
  newcomersFrom: 2000,
  aDay: 350,
  sameDay: 0.46,
  laterDay: 0.2,
  delay: 4,
}
const ORDERS: VisitKind = {
  salt: 0x6f726465,
  newcomersFrom: 3000,
  aDay: 280,
  sameDay: 0.38,
  laterDay: 0.24,
  delay: 35,
}
const PAID_SHARE = 0.86
const COUPON_SHARE = 0.15
/** Ids of a day are this far apart. */
export const IDS_A_DAY = 1_000_000

/** The questions put to merchants on one day. */
export function drawConsultations(of: VisitDay): readonly Consultation[] {
  const { visits } = drawVisits(of, CONSULTATIONS)
  return visits.map((visit, nth) => ({ ...common(visit), consultationId: of.day * IDS_A_DAY + nth + 1 }))
}

/** The orders of one day, and the payments for them: on that day or in the small hours of the next. */
export function drawSales(of: VisitDay): { orders: readonly Order[]; payments: readonly Payment[] } {
  const { visits, random } = drawVisits(of, ORDERS)
  const orders = visits.map(
    (visit, nth): Order => ({
      ...common(visit),
      orderId: of.day * IDS_A_DAY + nth + 1,
      buyerType: isNewcomerOf(visit.visitorId, of.day) ? 'new' : 'returning',
      amount: drawAmount(visit.product.price, random),
    }),
  )
  const paid = orders.filter(() => random.chance(PAID_SHARE))
  return { orders, payments: paid.map((order) => payFor(order, random)) }
}

function common(visit: CreditedVisit) {
  return {
    occurredAt: visit.occurredAt,
    arrivesAt: visit.arrivesAt,
    buyerId: visit.visitorId,
    advertiserId: visit.product.advertiserId,
    campaignId: visit.campaignId,
    channel: visit.channel,
    productId: visit.product.id,
    region: visit.region,
    attribution: visit.attribution,
  }
}

/** Prices are haggled over, and mostly end on a whole yuan. */
function drawAmount(price: number, random: Random): number {
  const agreed = Math.max(100, random.logNormal(price, 0.18))
  return random.chance(0.7) ? Math.round(agreed / 100) * 100 : Math.round(agreed)
}

function payFor(order: Order, random: Random): Payment {
  const delay = Math.min(Math.round(random.logNormal(4 * MINUTE, 1.4)), 12 * HOUR)
  const occurredAt = order.occurredAt + delay
  const coupon = random.chance(COUPON_SHARE) ? 0.02 + 0.08 * random.next() : 0
  return {
    ...order,
    occurredAt,
    arrivesAt: drawArrival(occurredAt, random),
    paymentId: order.orderId,
    amount: order.amount - Math.round(order.amount * coupon),
  }
}
