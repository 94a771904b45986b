import { LRUCache } from 'lru-cache'
import { type Day, startOfDay } from '../base/time.ts'
import { drawAds } from './ads.ts'
import { type Click, CREDIT_DAYS, createClickHistory, drawClicks } from './clicks.ts'
import type { DayEvents } from './events.ts'
import { createMarket } from './market.ts'
import { drawConsultations, drawSales } from './sales.ts'
import type { VisitDay } from './visits.ts'
import type { World } from './world.ts'

/** Business days of the sample are cut here. */
export const ZONE = 'Asia/Shanghai'
/** The sample everyone sees. */
export const SEED = 20_260_101

/** The sample business: what there is, and what happened on any day. */
export interface Sample {
  readonly world: World
  /** What happened on a business day; the same for the same seed and day, whatever was asked before. */
  eventsOf(day: Day): DayEvents
}

/** Days are drawn when asked for; a few are remembered, because a day looks back on the clicks of those before it. */
export function createSample(seed: number = SEED): Sample {
  const market = createMarket(seed)
  const clicksOf = remember(CREDIT_DAYS + 3, (day) => drawClicks(market, day, startOfDay(day, ZONE)))
  const visitsOf = (day: Day): VisitDay => {
    const [start, end] = [startOfDay(day, ZONE), startOfDay(day + 1, ZONE)]
    return { market, day, start, end, clicksOf, history: createClickHistory(creditable(day, clicksOf), start) }
  }
  const visitDayOf = remember(2, visitsOf)
  const salesOf = remember(3, (day) => drawSales(visitDayOf(day)))
  return {
    world: market.world,
    eventsOf(day) {
      const of = visitDayOf(day)
      const paidOn = ({ occurredAt }: { occurredAt: number }) => occurredAt >= of.start && occurredAt < of.end
      return {
        ads: drawAds(market, day, of.start, clicksOf(day)),
        consultations: drawConsultations(of),
        orders: salesOf(day).orders,
        payments: [...salesOf(day - 1).payments, ...salesOf(day).payments].filter(paidOn),
      }
    },
  }
}

function creditable(day: Day, clicksOf: (day: Day) => readonly Click[]): Click[] {
  return Array.from({ length: CREDIT_DAYS + 1 }, (_, ago) => clicksOf(day - ago)).flat()
}

/** Keeps the answers for the days asked for last. */
function remember<T extends object>(days: number, compute: (day: Day) => T): (day: Day) => T {
  const known = new LRUCache<Day, T>({ max: days })
  return (day) => {
    const found = known.get(day) ?? compute(day)
    known.set(day, found)
    return found
  }
}
