import type { QuestionInput } from '../../src/query/question.ts'
import type { DialectName } from '../../src/stores/port.ts'

/** A question, and what a good engineer would write for it by hand. */
export interface Compared {
  readonly name: string
  readonly question: QuestionInput
  readonly byHand: Readonly<Record<DialectName, string>>
}

const MONTH: QuestionInput['time'] = { range: ['2026-10-21', '2026-11-19'] }
const WEEK: QuestionInput['time'] = { range: ['2026-11-13', '2026-11-19'] }

const when = {
  postgres: (from: string) => `at >= '${from} 00:00:00Z' and at < '2026-11-20 00:00:00Z'`,
  clickhouse: (from: string) => `day >= '${from}' and day <= '2026-11-19'`,
}
const month = { postgres: when.postgres('2026-10-21'), clickhouse: when.clickhouse('2026-10-21') }
const week = { postgres: when.postgres('2026-11-13'), clickhouse: when.clickhouse('2026-11-13') }

export const COMPARED: readonly Compared[] = [
  {
    name: 'global totals, 30 days',
    question: { metrics: ['trips', 'fares'], time: MONTH },
    byHand: {
      postgres: `select count(*), sum(fare) from trip where ${month.postgres}`,
      clickhouse: `select count(), sum(fare) from trip where ${month.clickhouse}`,
    },
  },
  {
    name: 'day x channel, 7 days',
    question: { metrics: ['trips', 'fares'], dimensions: ['channel'], time: { ...WEEK, grain: 'day' } },
    byHand: {
      postgres: `select (at at time zone 'UTC')::date as day, channel, count(*), sum(fare) from trip where ${week.postgres} group by 1, 2 order by 1, 2`,
      clickhouse: `select day, channel, count(), sum(fare) from trip where ${week.clickhouse} group by day, channel order by day, channel`,
    },
  },
  {
    name: 'by region of the city (join), 30 days',
    question: { metrics: ['trips', 'fares'], dimensions: ['city.region'], time: MONTH },
    byHand: {
      postgres: `select region, count(*), sum(fare) from trip left join dim_city using (city_id) where ${month.postgres} group by region order by region`,
      clickhouse: `select region, count(), sum(fare) from trip left join dim_city using (city_id) where ${month.clickhouse} group by region order by region`,
    },
  },
  {
    name: '10,000 groups, 30 days',
    question: { metrics: ['trips', 'fares'], dimensions: ['rider'], time: MONTH },
    byHand: {
      postgres: `select rider_id, count(*), sum(fare) from trip where ${month.postgres} group by rider_id order by rider_id`,
      clickhouse: `select rider_id, count(), sum(fare) from trip where ${month.clickhouse} group by rider_id order by rider_id`,
    },
  },
  {
    name: 'ratio by channel, 7 days',
    question: { metrics: ['fare_a_trip'], dimensions: ['channel'], time: WEEK },
    byHand: {
      postgres: `select channel, sum(fare) / nullif(count(*), 0) from trip where ${week.postgres} group by channel order by channel`,
      clickhouse: `select channel, sum(fare) / count() from trip where ${week.clickhouse} group by channel order by channel`,
    },
  },
  {
    name: 'distinct riders by day, 7 days',
    question: { metrics: ['riders'], time: { ...WEEK, grain: 'day' } },
    byHand: {
      postgres: `select (at at time zone 'UTC')::date as day, count(distinct rider_id) from trip where ${week.postgres} group by 1 order by 1`,
      clickhouse: `select day, uniqExact(rider_id) from trip where ${week.clickhouse} group by day order by day`,
    },
  },
  {
    name: 'filtered, by day, 7 days',
    question: {
      metrics: ['trips', 'fares'],
      time: { ...WEEK, grain: 'day' },
      filters: [
        { field: 'channel', op: 'in', values: ['channel-1', 'channel-2'] },
        { field: 'city', op: 'eq', values: [17] },
      ],
    },
    byHand: {
      postgres: `select (at at time zone 'UTC')::date as day, count(*), sum(fare) from trip where ${week.postgres} and channel in ('channel-1', 'channel-2') and city_id = 17 group by 1 order by 1`,
      clickhouse: `select day, count(), sum(fare) from trip where ${week.clickhouse} and channel in ('channel-1', 'channel-2') and city_id = 17 group by day order by day`,
    },
  },
]
