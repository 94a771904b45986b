/** Ids are whole numbers below 2^53, times milliseconds since the epoch, money fen (CNY 0.01). */
interface Event {
  readonly occurredAt: number
  /** When the real-time stream has it; may be on the next day. */
  readonly arrivesAt: number
  readonly advertiserId: number
  readonly channel: Channel
  readonly productId: number
  /** null: not known. */
  readonly region: string | null
}

export const CHANNELS = ['feed', 'search', 'detail', 'live', 'push'] as const
export type Channel = (typeof CHANNELS)[number]

/**
 * Which click is credited. direct: the same person clicked an ad of this product earlier on this business day;
 * indirect: an ad of this merchant within 14 days before, and not direct; none otherwise.
 */
export type Attribution = 'direct' | 'indirect' | 'none'

/** One exposure, or one click and what it cost. */
export interface AdEvent extends Event {
  readonly eventId: number
  readonly kind: 'exposure' | 'click'
  readonly viewerId: number
  readonly campaignId: number
  /** What the click cost; 0 for exposures. */
  readonly cost: number
  /** True: sent a second time by a client, under an id of its own. Only the real-time stream holds these. */
  readonly retry: boolean
}

interface Visit extends Event {
  readonly buyerId: number
  /** The campaign of the credited click; null when none is. */
  readonly campaignId: number | null
  readonly attribution: Attribution
}

/** Someone asked a merchant about a product. */
export interface Consultation extends Visit {
  readonly consultationId: number
}

export interface Order extends Visit {
  readonly orderId: number
  readonly buyerType: 'new' | 'returning'
  readonly amount: number
}

/** Money received for an order, often on the same day. */
export interface Payment extends Visit {
  readonly paymentId: number
  readonly orderId: number
  readonly buyerType: 'new' | 'returning'
  readonly amount: number
}

/** Everything that happened on one business day, in no particular order. */
export interface DayEvents {
  readonly ads: readonly AdEvent[]
  readonly consultations: readonly Consultation[]
  readonly orders: readonly Order[]
  readonly payments: readonly Payment[]
}
