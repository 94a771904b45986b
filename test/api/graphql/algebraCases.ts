/** A question as REST asks it, and a domain's field that asks the same; its columns are called what REST calls them. */
export interface BothWays {
  readonly what: string
  readonly question: object
  readonly field: string
}

const OCTOBER_ON = ['2026-10-26', '2026-11-20']
const RANGE = '["2026-10-26", "2026-11-20"]'
const WEEK = ['2026-11-14', '2026-11-20']
const IN_WEEK = '["2026-11-14", "2026-11-20"]'

const metricCases: readonly BothWays[] = [
  {
    what: 'modifiers, under several aliases',
    question: {
      metrics: [
        'revenue',
        { metric: 'revenue', modifiers: ['gift_only'], as: 'gifts_only' },
        { metric: 'orders', modifiers: ['not_web', 'not_gift'], as: 'few' },
      ],
      dimensions: ['channel'],
      time: { range: OCTOBER_ON },
      totals: true,
    },
    field: `trade(time: {range: ${RANGE}}) {
      rows { channel { key } revenue gifts_only: revenue(modifiers: ["gift_only"]) few: orders(modifiers: ["not_gift", "not_web"]) finality }
      totals { revenue gifts_only: revenue(modifiers: ["gift_only"]) few: orders(modifiers: ["not_web", "not_gift"]) finality } }`,
  },
  {
    what: 'a condition of one metric alone, nested',
    question: {
      metrics: [
        'revenue',
        {
          metric: 'revenue',
          filters: [
            {
              or: [
                { field: 'channel.team', op: 'eq', values: ['growth'] },
                { field: 'time', part: 'dow', op: 'gte', values: [6] },
              ],
            },
            { field: 'size', op: 'gte', values: [20] },
          ],
          as: 'some',
        },
      ],
      time: { range: OCTOBER_ON, grain: 'week' },
    },
    field: `trade(time: {range: ${RANGE}, grain: WEEK}) {
      rows { time revenue some: revenue(where: {or: [{channel: {team: {eq: "growth"}}}, {time: {part: {dow: {gte: 6}}}}], size: {gte: 20}}) finality } }`,
  },
  {
    what: 'a period in words, by day',
    question: {
      metrics: [
        'revenue',
        { metric: 'revenue', period: 'trailing 7 days', as: 'r7' },
        { metric: 'buyers', period: 'month to date', as: 'mtd' },
      ],
      time: { range: WEEK, grain: 'day' },
    },
    field: `trade(time: {range: ${IN_WEEK}, grain: DAY}) {
      rows { time revenue r7: revenue(period: "trailing 7 days") mtd: buyers(period: "month to date") finality } }`,
  },
  {
    what: 'a period part by part, at a coarser grain',
    question: {
      metrics: [
        { metric: 'revenue', period: { trailing: '3 days', leading: '2 days', at: 'average' }, as: 'around_it' },
        { metric: 'revenue', period: { trailing: '3 days', atStart: true }, as: 'before_it' },
        { metric: 'revenue', period: { toDate: 'fiscal_month' }, as: 'ftd' },
        { metric: 'revenue', period: { leading: 'all' }, as: 'to_come' },
      ],
      time: { range: OCTOBER_ON, grain: 'week' },
    },
    field: `trade(time: {range: ${RANGE}, grain: WEEK}) {
      rows { time around_it: revenue(window: {trailing: "3 days", leading: "2 days", at: AVERAGE})
        before_it: revenue(window: {trailing: "3 days", atStart: true})
        ftd: revenue(window: {toDate: "fiscal_month"}) to_come: revenue(window: {leading: "all"}) finality } }`,
  },
  {
    what: 'offsets of every kind',
    question: {
      metrics: [
        'revenue',
        { metric: 'revenue', offset: '7 days', as: 'last_week' },
        { metric: 'revenue', offset: '1 month', modifiers: ['not_web'], as: 'last_month' },
        { metric: 'revenue', offset: 'start of month', as: 'first_day' },
        { metric: 'revenue_3d', offset: '1 fiscal_month', as: 'last_fiscal' },
      ],
      time: { range: WEEK, grain: 'day' },
    },
    field: `trade(time: {range: ${IN_WEEK}, grain: DAY}) {
      rows { time revenue last_week: revenue(offset: "7 days") last_month: revenue(offset: "1 month", modifiers: ["not_web"])
        first_day: revenue(offset: "start of month") last_fiscal: revenue_3d(offset: "1 fiscal_month") finality } }`,
  },
  {
    what: 'fills of single metrics',
    question: {
      metrics: [
        'revenue',
        { metric: 'gift_revenue', fill: 'zero', as: 'zeros' },
        { metric: 'gift_revenue', fill: 'previous', as: 'carried' },
        { metric: 'revenue0', fill: 'none', as: 'bare' },
      ],
      dimensions: ['gift'],
      time: { range: ['2026-11-01', '2026-11-20'], grain: 'day' },
    },
    field: `trade(time: {range: ["2026-11-01", "2026-11-20"], grain: DAY}) {
      rows { time gift revenue zeros: gift_revenue(fill: ZERO) carried: gift_revenue(fill: PREVIOUS) bare: revenue0(fill: NONE) finality } }`,
  },
  {
    what: 'shares of the whole and within, of a variant and of a ratio',
    question: {
      metrics: [
        'revenue',
        { share: { of: 'revenue', within: [] }, as: 's' },
        { share: { of: 'revenue', within: ['time'] }, as: 's_day' },
        { metric: 'revenue', modifiers: ['gift_only'], as: 'g' },
        { share: { of: 'g', within: ['channel'] }, as: 's_gift' },
        { share: { of: 'ticket', within: ['channel'] }, as: 's_ticket' },
      ],
      dimensions: ['channel'],
      time: { range: WEEK, grain: 'day' },
    },
    field: `trade(time: {range: ${IN_WEEK}, grain: DAY}) {
      rows { time channel { key } s: revenue(share: {}) s_day: revenue(share: {within: ["time"]})
        s_gift: revenue(modifiers: ["gift_only"], share: {within: ["channel"]}) g: revenue(modifiers: ["gift_only"])
        s_ticket: ticket(share: {within: ["channel"]}) revenue finality } }`,
  },
  {
    what: 'ranks both ways, ordered by one',
    question: {
      metrics: [
        'revenue',
        { rank: { by: 'revenue', within: ['month'] }, as: 'r' },
        { rank: { by: 'orders', direction: 'asc' }, as: 'least' },
      ],
      dimensions: ['channel', { field: 'time', grain: 'month', as: 'month' }],
      time: { range: OCTOBER_ON },
      order: [{ field: 'least', direction: 'desc' }, { field: 'r' }],
      having: [{ field: 'r', op: 'lte', values: [3] }],
    },
    field: `trade(time: {range: ${RANGE}}, orderBy: [{field: "least", direction: DESC}, {field: "r"}], having: [{field: "r", lte: 3}]) {
      rows { channel { key } month: time(grain: MONTH) revenue r: revenue(rank: {within: ["month"]}) least: orders(rank: {direction: ASC}) finality } }`,
  },
]

const COMPARED = ['revenue', 'revenue__previous', 'revenue__delta', 'revenue__ratio']
const SIDES = COMPARED.map((name) =>
  name === 'revenue' ? name : `${name}: revenue(side: ${name.slice(9).toUpperCase()})`,
).join(' ')

const compareCases: readonly BothWays[] = [
  {
    what: 'a comparison by day, with its total',
    question: {
      metrics: ['revenue'],
      time: { range: WEEK, grain: 'day' },
      compare: { offset: '7 days' },
      totals: true,
    },
    field: `trade(time: {range: ${IN_WEEK}, grain: DAY}, compare: {offset: "7 days"}) {
      rows { time ${SIDES} finality } totals { revenue revenue__previous: revenue(side: PREVIOUS) finality } }`,
  },
  {
    what: 'a comparison of an unfinished month, elapsed alike',
    question: {
      metrics: ['revenue', 'buyers'],
      time: { range: 'this month', grain: 'month' },
      compare: { offset: '1 month' },
    },
    field: `trade(time: {range: "this month", grain: MONTH}, compare: {offset: "1 month"}) {
      rows { time buyers buyers__ratio: buyers(side: RATIO) ${SIDES} finality } }`,
  },
  {
    what: 'a comparison with all of the month before, of a variant, ordered by how it changed',
    question: {
      metrics: [{ metric: 'revenue', modifiers: ['not_gift'], as: 'kept' }],
      dimensions: ['channel'],
      time: { range: 'this month' },
      compare: { offset: '1 month', elapsed: 'whole' },
      order: [{ field: 'kept__delta', direction: 'desc' }],
      having: [{ field: 'kept__previous', op: 'gt', values: [0] }],
    },
    field: `trade(time: {range: "this month"}, compare: {offset: "1 month", elapsed: WHOLE},
        orderBy: [{field: "kept__delta", direction: DESC}], having: [{field: "kept__previous", gt: 0}]) {
      rows { channel { key } kept__delta: revenue(modifiers: ["not_gift"], side: DELTA) kept: revenue(modifiers: ["not_gift"])
        kept__previous: revenue(side: PREVIOUS, modifiers: ["not_gift"]) finality } }`,
  },
]

const timeCases: readonly BothWays[] = [
  ...(['month', 'fiscal_month', 'season'] as const).map((unit) => ({
    what: `buckets of ${unit}, widened to whole ones, in a zone`,
    question: {
      metrics: ['revenue', 'orders'],
      time: { range: ['2026-10-20', '2026-11-12'], grain: unit, wholeBuckets: true, zone: 'Europe/Berlin' },
    },
    field: `trade(time: {range: ["2026-10-20", "2026-11-12"], ${unit === 'month' ? 'grain: MONTH' : `calendar: "${unit}"`}, wholeBuckets: true, zone: "Europe/Berlin"}) {
      rows { time revenue orders finality } }`,
  })),
  {
    what: 'intervals',
    question: { metrics: ['revenue'], time: { range: OCTOBER_ON, grain: { every: '10 days', from: '2026-10-01' } } },
    field: `trade(time: {range: ${RANGE}, every: {every: "10 days", from: "2026-10-01"}}) { rows { time revenue finality } }`,
  },
  {
    what: 'hours with offsets',
    question: { metrics: ['orders'], time: { range: ['2026-11-18T20:00', '2026-11-20'], grain: 'hour' } },
    field: 'trade(time: {range: ["2026-11-18T20:00", "2026-11-20"], grain: HOUR}) { rows { time orders finality } }',
  },
  {
    what: 'parts and further grains of the time beside its own',
    question: {
      metrics: ['revenue'],
      dimensions: [
        { field: 'time', grain: 'month' },
        { field: 'time', part: 'dow' },
        { field: 'time', grain: 'season', as: 'season' },
        { field: 'time', grain: { every: '2 weeks', from: '2026-10-05' }, as: 'fortnight' },
      ],
      time: { range: OCTOBER_ON, grain: 'week' },
    },
    field: `trade(time: {range: ${RANGE}, grain: WEEK}) {
      rows { time time__month: time(grain: MONTH) time__dow: time(part: DOW) season: time(calendar: "season")
        fortnight: time(every: {every: "2 weeks", from: "2026-10-05"}) revenue finality } }`,
  },
  {
    what: 'another time of the facts, by day and by hour of the day',
    question: {
      metrics: ['orders'],
      dimensions: [
        { field: 'paid_at', grain: 'day', as: 'paid' },
        { field: 'paid_at', part: 'hour' },
      ],
      time: { range: WEEK },
      order: [{ field: 'paid', direction: 'desc' }],
    },
    field: `trade(time: {range: ${IN_WEEK}}, orderBy: [{field: "paid", direction: DESC}]) {
      rows { paid: paid_at(grain: DAY) paid_at__hour: paid_at(part: HOUR) orders finality } }`,
  },
  {
    what: 'the bucket in progress, and how final each metric is',
    question: {
      metrics: ['revenue', { metric: 'revenue_last_week', as: 'before_it' }],
      time: { range: WEEK, grain: 'day' },
      inProgress: true,
      metricFinality: true,
    },
    field: `trade(time: {range: ${IN_WEEK}, grain: DAY}) {
      rows { time revenue__finality: finality(of: "revenue") before_it__finality: finality(of: "before_it")
        revenue before_it: revenue_last_week inProgress finality } }`,
  },
]

const fieldCases: readonly BothWays[] = [
  {
    what: 'roles and what is linked to them',
    question: {
      metrics: ['revenue'],
      dimensions: [
        'host',
        'host.full_name',
        'host.country.country_name',
        'host.country.continent.continent_name',
        'referrer.age',
      ],
      time: { range: OCTOBER_ON },
    },
    field: `trade(time: {range: ${RANGE}}) {
      rows { host { key full_name country { country_name continent { continent_name } } } referrer { age } revenue finality } }`,
  },
  {
    what: 'the key of a link, ordered by a name down the links',
    question: {
      metrics: ['orders'],
      dimensions: ['customer.country', 'shop.city.city_name'],
      time: { range: OCTOBER_ON },
      order: [{ field: 'shop.city.city_name', direction: 'desc' }, { field: 'customer.country' }],
    },
    field: `trade(time: {range: ${RANGE}}, orderBy: [{field: "shop.city.city_name", direction: DESC}, {field: "customer.country.key"}]) {
      rows { customer { country { key } } shop { city { city_name } } orders finality } }`,
  },
  {
    what: 'a relation, whose facts count once in a total',
    question: {
      metrics: ['revenue', 'orders'],
      dimensions: ['item.category'],
      time: { range: OCTOBER_ON },
      totals: true,
    },
    field: `trade(time: {range: ${RANGE}}) { rows { item { category } revenue orders finality } totals { revenue orders finality } }`,
  },
  {
    what: 'distinct combinations',
    question: { dimensions: ['channel', 'gift'], time: { range: OCTOBER_ON } },
    field: `trade(time: {range: ${RANGE}}, distinct: true) { rows { channel { key } gift finality } }`,
  },
]

const filterCases: readonly BothWays[] = [
  {
    what: 'conditions on the time',
    question: {
      metrics: ['revenue', 'revenue_3d'],
      time: { range: OCTOBER_ON, grain: 'day' },
      filters: [
        { field: 'time', op: 'gte', values: ['2026-11-01'] },
        { field: 'time', op: 'lt', values: ['2026-11-19'] },
        { field: 'time', part: 'dow', op: 'in', values: [6, 7] },
      ],
    },
    field: `trade(time: {range: ${RANGE}, grain: DAY}, where: {time: {gte: "2026-11-01", lt: "2026-11-19", part: {dow: {in: [6, 7]}}}}) {
      rows { time revenue revenue_3d finality } }`,
  },
  {
    what: 'conditions on another time, by bucket, in or and not',
    question: {
      metrics: ['orders'],
      dimensions: ['channel'],
      filters: [
        {
          or: [
            { field: 'paid_at', grain: 'month', op: 'eq', values: ['2026-11-01'] },
            { not: { field: 'paid_at', op: 'notNull' } },
          ],
        },
        { field: 'paid_at', op: 'lt', values: ['2026-11-15T10:00'] },
      ],
      time: { range: OCTOBER_ON },
    },
    field: `trade(time: {range: ${RANGE}}, where: {
        or: [{paid_at: {grain: {month: {eq: "2026-11-01"}}}}, {not: {paid_at: {notNull: true}}}], paid_at: {lt: "2026-11-15T10:00"}}) {
      rows { channel { key } orders finality } }`,
  },
  {
    what: 'metrics per entity, narrowed and negated',
    question: {
      metrics: ['revenue', 'buyers'],
      time: { range: OCTOBER_ON },
      filters: [
        { metric: 'revenue', per: 'customer', op: 'gt', values: [300] },
        {
          metric: 'orders',
          per: 'channel',
          modifiers: ['not_gift'],
          filters: [{ field: 'time', op: 'gte', values: ['2026-11-01'] }],
          op: 'between',
          values: [1, 500],
        },
        { not: { metric: 'orders', per: 'customer', op: 'gte', values: [1000] } },
      ],
    },
    field: `trade(time: {range: ${RANGE}}, where: {
        per: [{metric: "revenue", per: "customer", gt: 300},
          {metric: "orders", per: "channel", modifiers: ["not_gift"], where: {time: {gte: "2026-11-01"}}, between: [1, 500]}],
        not: {per: [{metric: "orders", per: "customer", gte: 1000}]}}) {
      rows { revenue buyers finality } }`,
  },
  {
    what: 'conditions down the links and on a relation',
    question: {
      metrics: ['revenue', 'orders'],
      time: { range: OCTOBER_ON, grain: 'month' },
      filters: [
        { field: 'host.country.continent.continent_name', op: 'in', values: ['Asia', null] },
        { field: 'customer.country', op: 'notNull' },
        { field: 'item.quantity', op: 'gte', values: [1] },
      ],
    },
    field: `trade(time: {range: ${RANGE}, grain: MONTH}, where: {
        host: {country: {continent: {continent_name: {in: ["Asia", null]}}}}, customer: {country: {key: {notNull: true}}}, item: {quantity: {gte: 1}}}) {
      rows { time revenue orders finality } }`,
  },
]

const answerCases: readonly BothWays[] = [
  ...(['none', 'null', 'zero', 'previous'] as const).map((fill) => ({
    what: `fill ${fill}`,
    question: { metrics: ['revenue', 'gift_revenue'], dimensions: ['gift'], time: { range: WEEK, grain: 'day' }, fill },
    field: `trade(time: {range: ${IN_WEEK}, grain: DAY}, fill: ${fill.toUpperCase()}) { rows { time gift revenue gift_revenue finality } }`,
  })),
  {
    what: 'the top and the others',
    question: {
      metrics: ['buyers', { metric: 'revenue', modifiers: ['not_gift'], as: 'best' }],
      dimensions: ['channel'],
      time: { range: OCTOBER_ON, grain: 'week' },
      top: { n: 1, by: 'best', others: true },
      totals: true,
    },
    field: `trade(time: {range: ${RANGE}, grain: WEEK}, top: {n: 1, by: "best", others: true}) {
      rows { time channel { key } buyers best: revenue(modifiers: ["not_gift"]) finality } totals { buyers best: revenue(modifiers: ["not_gift"]) finality } }`,
  },
  {
    what: 'the least two, without others',
    question: {
      metrics: ['revenue'],
      dimensions: ['size'],
      time: { range: OCTOBER_ON },
      top: { n: 2, by: 'revenue', direction: 'asc' },
    },
    field: `trade(time: {range: ${RANGE}}, top: {n: 2, by: "revenue", direction: ASC}) { rows { size revenue finality } }`,
  },
  {
    what: 'subtotals by several columns',
    question: {
      metrics: ['revenue', 'buyers', 'ticket'],
      dimensions: ['channel', 'channel.team', { field: 'time', grain: 'month', as: 'month' }],
      time: { range: OCTOBER_ON, grain: 'week' },
      subtotals: ['channel', ['channel.team', 'month'], ['time']],
      totals: true,
    },
    field: `trade(time: {range: ${RANGE}, grain: WEEK}) {
      rows { time channel { key team } month: time(grain: MONTH) revenue buyers ticket finality }
      totals { revenue buyers ticket finality }
      byChannel: subtotals(by: ["channel"]) { channel { key } revenue buyers ticket finality }
      byTeam: subtotals(by: ["month", "channel.team"]) { channel { team } month: time(grain: MONTH) revenue buyers ticket finality }
      byWeek: subtotals(by: ["time"]) { time revenue buyers ticket finality } }`,
  },
  {
    what: 'missing days left out',
    question: {
      metrics: ['calls', 'minutes'],
      time: { range: ['2026-11-01', '2026-11-20'], grain: 'week' },
      missing: 'partial',
    },
    field: `service(time: {range: ["2026-11-01", "2026-11-20"], grain: WEEK}, missing: PARTIAL) { rows { time calls minutes finality } }`,
  },
  {
    what: 'final rows alone, some left out before the first',
    question: {
      metrics: ['revenue'],
      time: { range: OCTOBER_ON, grain: 'day' },
      finality: 'finalOnly',
      offset: 3,
      limit: 5,
    },
    field: `trade(time: {range: ${RANGE}, grain: DAY}, finality: FINAL_ONLY, offset: 3, limit: 5) { rows { time revenue finality } truncated }`,
  },
  {
    what: 'conversions',
    question: {
      metrics: ['visits', 'visit_buys', 'visit_buy_rate'],
      dimensions: ['product'],
      time: { range: OCTOBER_ON },
    },
    field: `trade(time: {range: ${RANGE}}) { rows { product visits visit_buys visit_buy_rate finality } }`,
  },
  {
    what: 'stock, which is never summed over time',
    question: {
      metrics: ['stock_last', 'stock_by'],
      dimensions: ['warehouse.side'],
      time: { range: OCTOBER_ON, grain: 'week' },
    },
    field: `supply(time: {range: ${RANGE}, grain: WEEK}) { rows { time warehouse { side } stock_last stock_by finality } }`,
  },
  {
    what: 'doubles',
    question: {
      metrics: ['median_duration', 'sd_duration', 'median_7d'],
      dimensions: ['device'],
      time: { range: OCTOBER_ON, grain: 'day' },
    },
    field: `web(time: {range: ${RANGE}, grain: DAY}) { rows { time device median_duration sd_duration median_7d finality } }`,
  },
]

export const cases: readonly BothWays[] = [
  ...metricCases,
  ...compareCases,
  ...timeCases,
  ...fieldCases,
  ...filterCases,
  ...answerCases,
]
