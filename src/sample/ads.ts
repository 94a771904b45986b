import type { Day, Instant } from '../base/time.ts'
import type { Click } from './clicks.ts'
import type { AdEvent } from './events.ts'
import type { Market } from './market.ts'
import { createRandom, type Random } from './random.ts'
import { IDS_A_DAY } from './sales.ts'
import { busyness, drawArrival, drawTimeOfDay } from './shape.ts'

const EXPOSURES_A_DAY = 10_700
const NEWCOMER_SHARE = 0.04
const RETRY_SHARE = 0.004
/** Retries are numbered from here within a day. */
const FIRST_RETRY = 900_000

type Bare = Omit<AdEvent, 'eventId' | 'arrivesAt' | 'retry'>

/** The exposures and clicks of one day, each click after an exposure, and the retries that the stream counts twice. */
export function drawAds(market: Market, day: Day, start: Instant, clicks: readonly Click[]): readonly AdEvent[] {
  const random = createRandom(market.seed, day, 0x61647320)
  const exposures = Math.round(EXPOSURES_A_DAY * busyness(day) * (0.98 + 0.04 * random.next()))
  const events: AdEvent[] = []
  const retries: AdEvent[] = []
  const add = (bare: Bare): void => {
    const event = arriving(bare, day * IDS_A_DAY + events.length + 1, random)
    events.push(event)
    if (random.chance(RETRY_SHARE)) retries.push(retryOf(event, day * IDS_A_DAY + FIRST_RETRY + retries.length, random))
  }
  for (const click of clicks) {
    add(exposureBefore(click, start, random))
    add(clickEvent(click))
  }
  for (let nth = clicks.length; nth < exposures; nth++) add(drawExposure(market, day, start, nth, random))
  return [...events, ...retries]
}

function clickEvent(click: Click): Bare {
  return {
    occurredAt: click.occurredAt,
    kind: 'click',
    viewerId: click.viewerId,
    advertiserId: click.product.advertiserId,
    campaignId: click.campaignId,
    channel: click.channel,
    productId: click.product.id,
    region: click.region,
    cost: click.cost,
  }
}

function exposureBefore(click: Click, start: Instant, random: Random): Bare {
  const occurredAt = Math.max(start, click.occurredAt - 400 - Math.round(random.exponential(6_000)))
  return { ...clickEvent(click), occurredAt, kind: 'exposure', cost: 0 }
}

function drawExposure(market: Market, day: Day, start: Instant, nth: number, random: Random): Bare {
  const isNew = random.chance(NEWCOMER_SHARE)
  const visitor = isNew ? market.audience.newcomer(day, nth % 1400, random) : market.audience.returning(random)
  const product = market.drawProduct(random)
  return {
    occurredAt: start + drawTimeOfDay(random),
    kind: 'exposure',
    viewerId: visitor.id,
    advertiserId: product.advertiserId,
    campaignId: market.drawCampaign(product, random).id,
    channel: market.drawChannel('exposure', random),
    productId: product.id,
    region: visitor.region,
    cost: 0,
  }
}

function arriving(bare: Bare, eventId: number, random: Random): AdEvent {
  return { ...bare, eventId, arrivesAt: drawArrival(bare.occurredAt, random), retry: false }
}

/** The client had no answer and sent the same thing again. */
function retryOf(event: AdEvent, eventId: number, random: Random): AdEvent {
  return { ...event, eventId, arrivesAt: event.arrivesAt + 1000 + Math.round(random.exponential(20_000)), retry: true }
}
