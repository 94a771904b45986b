import { describe, expect, it } from 'vitest'
import { DAY, formatDay, parseDay, startOfDay } from '../../src/base/time.ts'
import { createSample, ZONE } from '../../src/sample/day.ts'
import { MOST_LATE } from '../../src/sample/shape.ts'

const day = parseDay('2026-11-19') ?? 0
const sample = createSample()
const events = sample.eventsOf(day)
const start = startOfDay(day, ZONE)

function ids(days: ReturnType<typeof sample.eventsOf>): number[] {
  return [
    ...days.ads.map((ad) => ad.eventId),
    ...days.consultations.map((consultation) => consultation.consultationId),
    ...days.payments.map((payment) => payment.paymentId),
  ]
}

describe('the events of a day', () => {
  it('are the same for the same seed and day, whatever was asked before', () => {
    const other = createSample()
    other.eventsOf(day + 40)
    expect(other.eventsOf(day)).toEqual(events)
    expect(createSample(7).eventsOf(day)).not.toEqual(events)
  })

  it('happen on that business day, and every payment is counted on one day', () => {
    for (const event of [...events.ads, ...events.consultations, ...events.orders, ...events.payments]) {
      expect(event.occurredAt).toBeGreaterThanOrEqual(start)
      expect(event.occurredAt).toBeLessThan(start + DAY)
      expect(event.arrivesAt).toBeGreaterThan(event.occurredAt)
      expect(event.arrivesAt - event.occurredAt).toBeLessThan(MOST_LATE + 600_000)
    }
    const days = [day - 1, day, day + 1].map((one) => sample.eventsOf(one))
    const payments = days.flatMap((one) => one.payments.map((payment) => payment.paymentId))
    expect(new Set(payments).size).toBe(payments.length)
    const paidNextDay = days[1]?.payments.filter((payment) => payment.orderId < day * 1_000_000)
    expect(paidNextDay?.length).toBeGreaterThan(0)
  })

  it('have the size that is promised', () => {
    const retries = events.ads.filter((ad) => ad.retry).length
    expect(events.ads.length).toBeGreaterThan(10_000)
    expect(events.ads.length).toBeLessThan(13_500)
    expect(retries / events.ads.length).toBeGreaterThan(0.002)
    expect(retries / events.ads.length).toBeLessThan(0.007)
    expect(events.consultations.length).toBeGreaterThan(280)
    expect(events.orders.length).toBeGreaterThan(220)
    expect(events.payments.length).toBeGreaterThan(180)
    expect(new Set(ids(events)).size).toBeGreaterThan(events.ads.length)
    expect(new Set(events.ads.map((ad) => ad.eventId)).size).toBe(events.ads.length)
  })

  it('follow the week and the hour', () => {
    const byHour = new Array<number>(24).fill(0)
    for (const ad of events.ads) {
      const hour = Math.floor((ad.occurredAt - start) / 3_600_000)
      byHour[hour] = (byHour[hour] ?? 0) + 1
    }
    expect(byHour[21]).toBeGreaterThan(4 * (byHour[3] ?? 0))
    const ofDay = (text: string) => sample.eventsOf(parseDay(text) ?? 0).ads.length
    expect(ofDay('2026-11-14')).toBeGreaterThan(ofDay('2026-11-17') * 1.08)
  })

  it('arrive late now and then, also after midnight', () => {
    const late = events.ads.filter((ad) => ad.arrivesAt - ad.occurredAt > 120_000).length
    expect(late / events.ads.length).toBeGreaterThan(0.008)
    expect(late / events.ads.length).toBeLessThan(0.025)
    expect(events.ads.some((ad) => ad.arrivesAt >= start + DAY)).toBe(true)
  })
})

describe('what belongs together', () => {
  const { campaigns, products, advertisers } = sample.world
  const ownerOfCampaign = new Map(campaigns.map((campaign) => [campaign.id, campaign.advertiserId]))
  const ownerOfProduct = new Map(products.map((product) => [product.id, product.advertiserId]))

  it('campaign and product are those of the advertiser', () => {
    expect(advertisers.map((advertiser) => advertiser.id)).toEqual(Array.from({ length: 300 }, (_, at) => at + 1))
    expect(new Set(advertisers.map((advertiser) => advertiser.name)).size).toBe(300)
    for (const event of [...events.ads, ...events.consultations, ...events.orders, ...events.payments]) {
      expect(ownerOfProduct.get(event.productId)).toBe(event.advertiserId)
      if (event.campaignId !== null) expect(ownerOfCampaign.get(event.campaignId)).toBe(event.advertiserId)
    }
  })

  it('a payment carries what its order says', () => {
    const orders = new Map([day - 1, day].flatMap((one) => sample.eventsOf(one).orders.map((o) => [o.orderId, o])))
    for (const payment of events.payments) {
      const order = orders.get(payment.orderId)
      expect(payment).toMatchObject({ attribution: order?.attribution, buyerId: order?.buyerId })
      expect(payment.occurredAt).toBeGreaterThanOrEqual(order?.occurredAt ?? Number.POSITIVE_INFINITY)
      expect(payment.amount).toBeLessThanOrEqual(order?.amount ?? 0)
    }
  })

  it('a few facts lack their place or their product', () => {
    const unplaced = events.ads.filter((ad) => ad.region === null).length / events.ads.length
    expect(unplaced).toBeGreaterThan(0.012)
    expect(unplaced).toBeLessThan(0.028)
    const known = new Set(products.filter((product) => product.inTable).map((product) => product.id))
    const unmatched = events.ads.filter((ad) => !known.has(ad.productId)).length / events.ads.length
    expect(unmatched).toBeGreaterThan(0)
    expect(unmatched).toBeLessThan(0.03)
  })

  it('only people who came for the first time that day are new', () => {
    const before = new Set([1, 2, 3].flatMap((ago) => sample.eventsOf(day - ago).ads.map((ad) => ad.viewerId)))
    const fresh = events.orders.filter((order) => order.buyerType === 'new')
    expect(fresh.length).toBeGreaterThan(20)
    expect(fresh.filter((order) => before.has(order.buyerId))).toEqual([])
  })
})

describe('attribution', () => {
  it('is what a count of conversions over the ad events gives', () => {
    const clicks = Array.from({ length: 15 }, (_, ago) => sample.eventsOf(day - ago).ads)
      .flat()
      .filter((ad) => ad.kind === 'click' && !ad.retry)
    const shares = { direct: 0, indirect: 0, none: 0 }
    for (const visit of [...events.orders, ...events.consultations]) {
      const before = clicks.filter((c) => c.viewerId === visit.buyerId && c.occurredAt <= visit.occurredAt)
      const direct = before.filter((c) => c.productId === visit.productId && c.occurredAt >= start)
      const indirect = before.filter(
        (c) => c.advertiserId === visit.advertiserId && visit.occurredAt - c.occurredAt < 14 * DAY,
      )
      const credited = direct.length > 0 ? direct : indirect
      const wanted = direct.length > 0 ? 'direct' : indirect.length > 0 ? 'indirect' : 'none'
      expect(visit.attribution).toBe(wanted)
      const last = credited.toSorted((a, b) => b.occurredAt - a.occurredAt)[0]
      expect(visit.campaignId).toBe(last?.campaignId ?? null)
      shares[wanted] += 1
    }
    const all = events.orders.length + events.consultations.length
    expect(shares.direct / all).toBeGreaterThan(0.3)
    expect(shares.indirect / all).toBeGreaterThan(0.12)
    expect(shares.none / all).toBeGreaterThan(0.2)
  })

  it('days of the sample have 24 hours', () => {
    for (let one = day - 400; one < day + 400; one++) {
      expect(startOfDay(one + 1, ZONE) - startOfDay(one, ZONE), formatDay(one)).toBe(DAY)
    }
  })
})
