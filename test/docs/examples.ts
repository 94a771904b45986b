/** One metric type of the reference: which metrics show it, and a question that asks for them. */
export interface Example {
  readonly title: string
  /** What the type means, in a sentence or two. */
  readonly about: string
  /** Metrics of the sample business, or of `smallCatalog.ts`, whose definitions are shown. */
  readonly metrics: readonly string[]
  readonly question: Readonly<Record<string, unknown>>
}

/** Two days that are out offline and one that is live, so that both engines are asked. */
const THREE_DAYS = { range: ['2026-11-17', '2026-11-19'], grain: 'day' }
const FIVE_DAYS = { range: ['2026-11-15', '2026-11-19'], grain: 'day' }

export const EXAMPLES: readonly Example[] = [
  {
    title: 'sum',
    about: 'Adds a measure up. The sum of nothing is null.',
    metrics: ['gmv'],
    question: { metrics: ['gmv'], time: THREE_DAYS },
  },
  {
    title: 'min and max',
    about: 'The smallest and the largest value. A table of days can hold them as states.',
    metrics: ['smallest_order', 'largest_order'],
    question: { metrics: ['smallest_order', 'largest_order'], time: THREE_DAYS },
  },
  {
    title: 'avg',
    about: 'Travels as sum and count and is divided last, so that averages of days merge to the average of the week.',
    metrics: ['avg_order_value'],
    question: { metrics: ['avg_order_value'], time: THREE_DAYS },
  },
  {
    title: 'count',
    about:
      'Rows where the measure is not null; without `of`, all rows. In a table of days a state `count` is added up.',
    metrics: ['orders'],
    question: { metrics: ['orders'], time: THREE_DAYS },
  },
  {
    title: 'count_distinct, exact',
    about: 'Different values, recounted over every time and group, never added.',
    metrics: ['buyers'],
    question: { metrics: ['buyers'], time: THREE_DAYS, totals: true },
  },
  {
    title: 'count_distinct, approximate',
    about:
      'Two HyperLogLog sketches of 2^14 registers each, the same in both engines. The receipt names the metric and its error.',
    metrics: ['viewers_approx'],
    question: { metrics: ['viewers_approx'], time: THREE_DAYS, totals: true },
  },
  {
    title: 'sum_boolean',
    about: 'Counts the rows where a condition is true.',
    metrics: ['large_orders'],
    question: { metrics: ['large_orders'], time: THREE_DAYS },
  },
  {
    title: 'median and percentile',
    about:
      'The median is the continuous percentile 0.5. A continuous percentile lies between two values where it must; a discrete one is always a value that occurs. Both are exact here; `algorithm: approximate` reads a histogram.',
    metrics: ['median_order', 'p95_order'],
    question: { metrics: ['median_order', 'p95_order'], time: THREE_DAYS },
  },
  {
    title: 'variance and stddev',
    about: 'Those of a sample (n - 1): null for fewer than two values.',
    metrics: ['order_stddev', 'stock_variance'],
    question: { metrics: ['order_stddev', 'stock_variance'], time: THREE_DAYS },
  },
  {
    title: 'first and last',
    about: 'The value at the earliest and at the latest moment.',
    metrics: ['first_order', 'latest_order'],
    question: { metrics: ['first_order', 'latest_order'], time: THREE_DAYS },
  },
  {
    title: 'derived, by modifiers',
    about: 'Another metric under named filters of its process. Modifiers add up: the second metric has both filters.',
    metrics: ['direct_orders', 'direct_new_buyer_orders'],
    question: { metrics: ['direct_orders', 'direct_new_buyer_orders'], time: THREE_DAYS },
  },
  {
    title: 'derived, by filters',
    about: 'Another metric under conditions without a name, also on attributes.',
    metrics: ['key_account_gmv'],
    question: { metrics: ['key_account_gmv'], time: THREE_DAYS },
  },
  {
    title: 'derived, trailing',
    about: 'The value of so many days up to and including the day. Days before the range are read for it.',
    metrics: ['clicks_7d'],
    question: { metrics: ['clicks_7d'], time: THREE_DAYS },
  },
  {
    title: 'derived, leading',
    about: 'The value of the days that follow, the day itself not included.',
    metrics: ['gmv_next_3d'],
    question: { metrics: ['gmv_next_3d'], time: { range: ['2026-11-14', '2026-11-16'], grain: 'day' } },
  },
  {
    title: 'derived, to date',
    about: 'From the start of the month (or any grain) up to and including the day.',
    metrics: ['gmv_mtd'],
    question: { metrics: ['gmv_mtd'], time: THREE_DAYS },
  },
  {
    title: 'derived, all time',
    about: 'Everything up to and including the day.',
    metrics: ['gmv_to_date'],
    question: { metrics: ['gmv_to_date'], time: THREE_DAYS },
  },
  {
    title: 'derived, offset',
    about: 'The row of a day shows the value of seven days earlier.',
    metrics: ['gmv_last_week'],
    question: { metrics: ['gmv', 'gmv_last_week'], time: THREE_DAYS },
  },
  {
    title: 'fill, without a spine',
    about: 'Empty cells of a joined answer hold 0; no rows are added.',
    metrics: ['direct_orders', 'direct_orders_or_zero'],
    question: {
      metrics: ['orders', 'direct_orders', 'direct_orders_or_zero'],
      dimensions: ['region'],
      time: { range: ['2026-11-18', '2026-11-19'] },
      filters: [{ field: 'channel', op: 'eq', values: ['push'] }],
    },
  },
  {
    title: 'fill, with a spine',
    about: 'Every day of the range is a row, and empty ones hold 0.',
    metrics: ['direct_orders_each_day'],
    question: {
      metrics: ['direct_orders_each_day'],
      time: FIVE_DAYS,
      filters: [{ field: 'advertiser', op: 'eq', values: [7] }],
    },
  },
  {
    title: 'snapshot',
    about:
      'Semi-additive: of each bucket only the rows of the last moment count. With `by` it is the last moment of each warehouse, without it the last moment at all.',
    metrics: ['stock', 'stock_each'],
    question: { metrics: ['stock', 'stock_each'], time: THREE_DAYS, totals: true },
  },
  {
    title: 'composite',
    about: 'A formula over metrics, of several processes where need be. A ratio is a ratio of sums at every grain.',
    metrics: ['ctr', 'roi'],
    question: { metrics: ['ctr', 'roi'], time: THREE_DAYS, totals: true },
  },
  {
    title: 'composite with inputs',
    about: 'An input is a metric under modifiers, filters, a period or an offset, with a name that the formula uses.',
    metrics: ['gmv_growth_week', 'roi_growth_week'],
    question: { metrics: ['gmv_growth_week', 'roi_growth_week'], time: THREE_DAYS },
  },
  {
    title: 'conversion',
    about:
      'Orders that followed a click of the same person on an ad of the same merchant, counted at the latest such click. Single events of both sides are read and matched in the gateway.',
    metrics: ['click_orders_14d', 'click_orders_same_day', 'click_order_rate'],
    question: { metrics: ['click_orders_14d', 'click_order_rate'], time: THREE_DAYS },
  },
  {
    title: 'share and rank',
    about: 'Not metrics of the catalog, but columns of a question: computed over the whole answer, before its limit.',
    metrics: [],
    question: {
      metrics: [
        'clicks',
        { share: { of: 'clicks', within: [] }, as: 'part' },
        { rank: { by: 'clicks', within: [] }, as: 'place' },
      ],
      dimensions: ['channel'],
      time: { range: ['2026-11-18', '2026-11-19'] },
      order: [{ field: 'place' }],
    },
  },
]
