import { DAY, type Day, HOUR, MINUTE, weekday } from '../base/time.ts'
import { createSampler, type Random } from './random.ts'

/** How busy a day is, 1 being usual: weekends are, the year has a slow wave, and business grows. */
export function busyness(day: Day): number {
  const growth = Math.min(1.5, Math.max(0.7, 1 + 0.0002 * (day - 20_700)))
  const wave = 1 + 0.05 * Math.sin((2 * Math.PI * day) / 91)
  return growth * wave * (BY_WEEKDAY[weekday(day) - 1] ?? 1)
}

const BY_WEEKDAY = [0.95, 0.93, 0.94, 0.97, 1.04, 1.1, 1.07]

/** Quiet after midnight, a bump at noon, the evening is the best time. */
const BY_HOUR = [
  ...[2.6, 1.5, 0.9, 0.6, 0.6, 0.9, 1.7, 3.0, 4.1, 4.7, 5.0, 5.1],
  ...[5.9, 5.5, 4.6, 4.4, 4.5, 4.7, 5.2, 6.3, 7.6, 7.9, 6.6, 4.4],
]

const MINUTES = DAY / MINUTE

const drawMinute = createSampler(
  Array.from({ length: MINUTES }, (_, minute) => {
    // Between the middles of two hours the curve is a straight line.
    const at = (minute * MINUTE) / HOUR + 23.5
    const before = BY_HOUR[Math.floor(at) % 24] ?? 1
    const after = BY_HOUR[Math.floor(at + 1) % 24] ?? 1
    return before + (after - before) * (at % 1)
  }),
)

/** Milliseconds since the day began, by the shape of the day. Days of the sample's zone have 24 hours. */
export function drawTimeOfDay(random: Random): number {
  return drawMinute(random) * MINUTE + random.below(MINUTE)
}

/** When an event that happened at `occurredAt` is known in real time: mostly seconds later, 1.5 % much later. */
export function drawArrival(occurredAt: number, random: Random): number {
  const late = random.chance(LATE_SHARE)
  const delay = late ? LEAST_LATE * (MOST_LATE / LEAST_LATE) ** random.next() : 200 + random.exponential(1500)
  return occurredAt + Math.round(Math.min(delay, MOST_LATE))
}

const LATE_SHARE = 0.015
const LEAST_LATE = 2 * MINUTE
/** No event arrives later than this after it happened. */
export const MOST_LATE = 10 * HOUR
