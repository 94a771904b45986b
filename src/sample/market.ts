import { type Audience, createAudience } from './audience.ts'
import { CHANNELS, type Channel } from './events.ts'
import { createRandom, createSampler, type Random } from './random.ts'
import { type Advertiser, type Campaign, createWorld, type Product, type World } from './world.ts'

/** The world with the ways to draw from it; events of all kinds are drawn here, so that they fit each other. */
export interface Market {
  readonly seed: number
  readonly world: World
  readonly audience: Audience
  /** A product, as often as its advertiser's share says. */
  drawProduct(random: Random): Product
  /** One of the campaigns of the product's advertiser. */
  drawCampaign(product: Product, random: Random): Campaign
  /** Another (or the same) product of the same advertiser. */
  drawSibling(product: Product, random: Random): Product
  drawChannel(kind: keyof typeof CHANNEL_SHARES, random: Random): Channel
}

/** In the order of CHANNELS; clicks come more often from search than exposures do, so rates differ by channel. */
const CHANNEL_SHARES = {
  exposure: [46, 20, 17, 11, 6],
  click: [36, 31, 16, 14, 3],
  unpaid: [24, 44, 20, 9, 3],
} as const

export function createMarket(seed: number): Market {
  const world = createWorld(seed)
  const random = createRandom(seed, 0x6d61726b)
  const productAt = createSampler(world.products.map((product) => weightOf(product, ownerOf(world, product), random)))
  const channelAt = {
    exposure: createSampler(CHANNEL_SHARES.exposure),
    click: createSampler(CHANNEL_SHARES.click),
    unpaid: createSampler(CHANNEL_SHARES.unpaid),
  }
  return {
    seed,
    world,
    audience: createAudience(seed),
    drawProduct: (draw) => at(world.products, productAt(draw)),
    drawCampaign: (product, draw) => anyOf(ownerOf(world, product).campaigns, draw),
    drawSibling: (product, draw) => anyOf(ownerOf(world, product).products, draw),
    drawChannel: (kind, draw) => at(CHANNELS, channelAt[kind](draw)),
  }
}

/** An advertiser's share is spread over its products, more of it on cheap ones; those the table does not know sell little. */
function weightOf(product: Product, owner: Advertiser, random: Random): number {
  const even = owner.share / owner.products.length
  const cheap = (product.price / 10_000) ** -0.35
  return even * cheap * (0.5 + random.next()) * (product.inTable ? 1 : 0.3)
}

function ownerOf(world: World, product: Product): Advertiser {
  return at(world.advertisers, product.advertiserId - 1)
}

function anyOf<T>(items: readonly T[], random: Random): T {
  return at(items, random.below(items.length))
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new RangeError(`no item ${index} of ${items.length}`)
  return item
}
