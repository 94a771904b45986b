import { CAMPAIGN_WORDS, CONDITIONS, INDUSTRIES, type Industry, OBJECTIVES, SHOP_WORDS } from './industries.ts'
import { createRandom, createSampler, type Random } from './random.ts'
import { REGIONS } from './regions.ts'

/** A merchant of the marketplace who advertises there. Ids count from 1. */
export interface Advertiser {
  readonly id: number
  readonly name: string
  readonly industry: string
  readonly tier: 'key' | 'growth' | 'small'
  readonly region: string
  /** Share of the advertiser in everything that happens; all of them add up to 1. */
  readonly share: number
  readonly campaigns: readonly Campaign[]
  readonly products: readonly Product[]
}

/** A campaign belongs to one advertiser. Ids count from 1. */
export interface Campaign {
  readonly id: number
  readonly name: string
  readonly objective: string
  readonly advertiserId: number
}

/** A product on sale by one advertiser; its price is in fen (CNY 0.01). */
export interface Product {
  readonly id: number
  readonly name: string
  readonly category: string
  readonly advertiserId: number
  readonly price: number
  /** False: the product is on sale, but the product table does not know it, as happens in life. */
  readonly inTable: boolean
}

/** Everything that stays the same from day to day. */
export interface World {
  /** Position i holds the advertiser with id i + 1. */
  readonly advertisers: readonly Advertiser[]
  readonly campaigns: readonly Campaign[]
  /** Position i holds the product with id i + 1. */
  readonly products: readonly Product[]
}

export const ADVERTISERS = 300
export const PRODUCTS = 412
/** Products with higher ids have no row in the product table. */
export const PRODUCTS_IN_TABLE = 400

/** The world of a seed: the same one every time. */
export function createWorld(seed: number): World {
  const random = createRandom(seed, 0x776f726c)
  const shares = skewedShares(random)
  const owners = ownersOfProducts(random, shares)
  let lastCampaign = 0
  const advertisers = shares.map((share, index): Advertiser => {
    const id = index + 1
    const industry = pick(random, INDUSTRIES)
    const campaigns = campaignsOf(random, id, lastCampaign, share)
    lastCampaign += campaigns.length
    return {
      id,
      name: '',
      industry: industry.name,
      tier: share > 0.008 ? 'key' : share > 0.0025 ? 'growth' : 'small',
      region: pick(random, REGIONS).code,
      share,
      campaigns,
      products: owners.flatMap((owner, at) => (owner === id ? [productOf(random, at + 1, id, industry)] : [])),
    }
  })
  const named = nameShops(advertisers)
  return {
    advertisers: named,
    campaigns: named.flatMap((advertiser) => advertiser.campaigns),
    products: named.flatMap((advertiser) => advertiser.products).sort((a, b) => a.id - b.id),
  }
}

/** Shares fall as 1 / (rank + 5), and ranks are dealt to ids at random. */
function skewedShares(random: Random): number[] {
  const weights = Array.from({ length: ADVERTISERS }, (_, rank) => 1 / (rank + 6))
  for (let at = weights.length - 1; at > 0; at--) {
    const other = random.below(at + 1)
    const moved = weights[at] ?? 0
    weights[at] = weights[other] ?? 0
    weights[other] = moved
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

/** Owner of each product: everyone sells one, and the larger an advertiser, the more of the rest. */
function ownersOfProducts(random: Random, shares: readonly number[]): number[] {
  const draw = createSampler(shares)
  return Array.from({ length: PRODUCTS }, (_, at) => (at < ADVERTISERS ? at + 1 : draw(random) + 1))
}

function campaignsOf(random: Random, advertiserId: number, last: number, share: number): Campaign[] {
  const count = Math.min(CAMPAIGN_WORDS.length, 1 + random.below(share > 0.008 ? 5 : 3))
  return CAMPAIGN_WORDS.slice(0, count).map((word, at) => {
    const objective = pick(random, OBJECTIVES)
    return { id: last + at + 1, name: `${word} for ${objective}`, objective, advertiserId }
  })
}

function productOf(random: Random, id: number, advertiserId: number, industry: Industry): Product {
  const [good, price] = pick(random, industry.goods)
  return {
    id,
    name: `${capitalise(good)} (${pick(random, CONDITIONS)})`,
    category: industry.name,
    advertiserId,
    price: Math.round(price * 100 * (0.7 + random.next() * 0.6)),
    inTable: id <= PRODUCTS_IN_TABLE,
  }
}

/** `Amber Phones`, `Amber Books`, ... ; no two are called the same, the second of an industry takes the next word. */
function nameShops(advertisers: readonly Advertiser[]): Advertiser[] {
  const taken = new Map<string, number>()
  return advertisers.map((advertiser) => {
    const shop = INDUSTRIES.find((industry) => industry.name === advertiser.industry)?.shop ?? ''
    const nth = taken.get(advertiser.industry) ?? 0
    taken.set(advertiser.industry, nth + 1)
    const round = Math.floor(nth / SHOP_WORDS.length)
    return { ...advertiser, name: `${SHOP_WORDS[nth % SHOP_WORDS.length]} ${shop}${round > 0 ? ` ${round + 1}` : ''}` }
  })
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[random.below(items.length)]
  if (item === undefined) throw new RangeError('nothing to pick from')
  return item
}
