import { type Day, type Instant, MINUTE } from '../base/time.ts'
import { type Click, type ClickHistory, CREDIT_DAYS } from './clicks.ts'
import type { Attribution, Channel } from './events.ts'
import type { Market } from './market.ts'
import { createRandom, type Random } from './random.ts'
import { busyness, drawArrival, drawTimeOfDay } from './shape.ts'
import type { Product } from './world.ts'

/** Someone comes to a merchant about a product, and is credited to the click that brought them, if one did. */
export interface CreditedVisit {
  readonly visitorId: number
  readonly region: string | null
  readonly product: Product
  readonly occurredAt: Instant
  readonly arrivesAt: Instant
  readonly attribution: Attribution
  readonly campaignId: number | null
  readonly channel: Channel
}

/** What the visits of a day are drawn from. */
export interface VisitDay {
  readonly market: Market
  readonly day: Day
  readonly start: Instant
  readonly end: Instant
  clicksOf(day: Day): readonly Click[]
  readonly history: ClickHistory
}

/** How visits of one kind come about: how many a usual day has, and the shares that follow a click. */
export interface VisitKind {
  readonly salt: number
  /** Newcomers of this kind are counted from here, so that no two kinds share one. */
  readonly newcomersFrom: number
  readonly aDay: number
  /** Follow a click of the same day, on the same product. */
  readonly sameDay: number
  /** Follow a click of an earlier day, on any product of the merchant. */
  readonly laterDay: number
  /** Minutes between a click and the visit that follows it on the same day. */
  readonly delay: number
}

type Bare = Pick<CreditedVisit, 'visitorId' | 'region' | 'product' | 'occurredAt'>

/** The visits of one kind on one day. Where they came from is drawn; what they are credited to follows from the clicks. */
export function drawVisits(of: VisitDay, kind: VisitKind): { visits: readonly CreditedVisit[]; random: Random } {
  const random = createRandom(of.market.seed, of.day, kind.salt)
  const count = Math.round(kind.aDay * busyness(of.day) * (0.95 + 0.1 * random.next()))
  const unused = [...of.clicksOf(of.day)]
  const visits = Array.from({ length: count }, (_, nth): CreditedVisit => {
    const origin = random.next()
    const bare =
      origin < kind.sameDay
        ? followToday(of, kind, unused, random)
        : origin < kind.sameDay + kind.laterDay
          ? followLater(of, random)
          : comeUnpaid(of, kind, nth, random)
    return credited(of, bare ?? comeUnpaid(of, kind, nth, random), random)
  })
  return { visits, random }
}

/** Every click is followed once at most. */
function followToday(of: VisitDay, kind: VisitKind, unused: Click[], random: Random): Bare | undefined {
  const click = takeAny(unused, random)
  if (click === undefined) return undefined
  const wanted = click.occurredAt + 5000 + Math.round(random.exponential(kind.delay * MINUTE))
  const left = of.end - click.occurredAt
  const occurredAt = wanted < of.end ? wanted : click.occurredAt + random.below(left)
  return { visitorId: click.viewerId, region: click.region, product: click.product, occurredAt }
}

function followLater(of: VisitDay, random: Random): Bare | undefined {
  // Squared: most come back within a few days.
  const daysAgo = 1 + Math.floor((CREDIT_DAYS - 1) * random.next() ** 2)
  const clicks = of.clicksOf(of.day - daysAgo)
  const click = clicks[random.below(clicks.length)]
  if (click === undefined) return undefined
  const product = of.market.drawSibling(click.product, random)
  return { visitorId: click.viewerId, region: click.region, product, occurredAt: of.start + drawTimeOfDay(random) }
}

/** Without an ad: about any product, at any time. */
function comeUnpaid(of: VisitDay, kind: VisitKind, nth: number, random: Random): Bare {
  const isNew = random.chance(0.35)
  const { audience } = of.market
  const visitor = isNew ? audience.newcomer(of.day, kind.newcomersFrom + nth, random) : audience.returning(random)
  const product = of.market.drawProduct(random)
  const occurredAt = of.start + drawTimeOfDay(random)
  return { visitorId: visitor.id, region: visitor.region, product, occurredAt }
}

function credited(of: VisitDay, visit: Bare, random: Random): CreditedVisit {
  const { attribution, click } = of.history.credit(visit)
  return {
    ...visit,
    arrivesAt: drawArrival(visit.occurredAt, random),
    attribution,
    campaignId: click?.campaignId ?? null,
    channel: click?.channel ?? of.market.drawChannel('unpaid', random),
  }
}

function takeAny(clicks: Click[], random: Random): Click | undefined {
  const at = random.below(clicks.length)
  const last = clicks.pop()
  const taken = clicks[at]
  if (taken === undefined || last === undefined) return last
  clicks[at] = last
  return taken
}
