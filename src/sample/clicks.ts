import { DAY, type Day, type Instant } from '../base/time.ts'
import type { Attribution, Channel } from './events.ts'
import type { Market } from './market.ts'
import { createRandom } from './random.ts'
import { busyness, drawTimeOfDay } from './shape.ts'
import type { Product } from './world.ts'

/** A click on an ad, drawn before everything else of a day: exposures lead to it and sales are credited to it. */
export interface Click {
  readonly occurredAt: Instant
  readonly viewerId: number
  readonly region: string | null
  readonly product: Product
  readonly campaignId: number
  readonly channel: Channel
  /** In fen. */
  readonly cost: number
}

const CLICKS_A_DAY = 805
const NEWCOMER_SHARE = 0.3

/** The clicks of a business day that begins at `start`. */
export function drawClicks(market: Market, day: Day, start: Instant): readonly Click[] {
  const random = createRandom(market.seed, day, 0x636c6963)
  const count = Math.round(CLICKS_A_DAY * busyness(day) * (0.96 + 0.08 * random.next()))
  return Array.from({ length: count }, (_, nth) => {
    const isNew = random.chance(NEWCOMER_SHARE)
    const visitor = isNew ? market.audience.newcomer(day, nth, random) : market.audience.returning(random)
    const product = market.drawProduct(random)
    return {
      occurredAt: start + drawTimeOfDay(random),
      viewerId: visitor.id,
      region: visitor.region,
      product,
      campaignId: market.drawCampaign(product, random).id,
      channel: market.drawChannel('click', random),
      // Ads for dearer things cost more a click.
      cost: Math.max(20, Math.round(random.logNormal(900 * (product.price / 10_000) ** 0.3, 0.45))),
    }
  })
}

/** A click is credited for this many times 24 hours. */
export const CREDIT_DAYS = 14

/** The clicks of a business day and of the days before it that can still be credited, by person. */
export interface ClickHistory {
  /** What a visit is credited to: the attribution, and the latest click that earns it. */
  credit(visit: Visit): { readonly attribution: Attribution; readonly click: Click | undefined }
}

/** What credit looks at. */
export interface Visit {
  readonly visitorId: number
  readonly product: Product
  readonly occurredAt: Instant
}

/** `clicks` holds those of the business day that begins at `start` and of CREDIT_DAYS days before. */
export function createClickHistory(clicks: Iterable<Click>, start: Instant): ClickHistory {
  const byViewer = Map.groupBy(clicks, (click) => click.viewerId)
  return {
    credit(visit) {
      const earlier = (byViewer.get(visit.visitorId) ?? []).filter((click) => click.occurredAt <= visit.occurredAt)
      const direct = latest(earlier, (click) => click.product.id === visit.product.id && click.occurredAt >= start)
      if (direct !== undefined) return { attribution: 'direct', click: direct }
      const oldest = visit.occurredAt - CREDIT_DAYS * DAY
      const merchant = visit.product.advertiserId
      const indirect = latest(earlier, (click) => click.product.advertiserId === merchant && click.occurredAt > oldest)
      return { attribution: indirect === undefined ? 'none' : 'indirect', click: indirect }
    },
  }
}

function latest(clicks: readonly Click[], fits: (click: Click) => boolean): Click | undefined {
  let found: Click | undefined
  for (const click of clicks) {
    if (fits(click) && (found === undefined || click.occurredAt > found.occurredAt)) found = click
  }
  return found
}
