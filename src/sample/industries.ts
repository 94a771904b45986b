/** Words that shops, campaigns and products of the sample business are named from; prices in CNY. */
export interface Industry {
  readonly name: string
  readonly shop: string
  /** Things sold, each with a usual second-hand price. */
  readonly goods: readonly (readonly [string, number])[]
}

export const INDUSTRIES: readonly Industry[] = [
  {
    name: 'phones',
    shop: 'Phones',
    goods: [
      ['smartphone, 128 GB', 920],
      ['smartphone, 256 GB', 1480],
      ['foldable phone', 2650],
      ['phone case bundle', 38],
      ['fast charger', 45],
    ],
  },
  {
    name: 'electronics',
    shop: 'Electronics',
    goods: [
      ['mirrorless camera', 2280],
      ['noise-cancelling headphones', 420],
      ['tablet, 11 inch', 1150],
      ['handheld console', 890],
      ['mechanical keyboard', 160],
    ],
  },
  {
    name: 'fashion',
    shop: 'Wardrobe',
    goods: [
      ['down jacket', 180],
      ['linen dress', 75],
      ['denim jacket', 88],
      ['silk scarf', 62],
      ['canvas sneakers', 110],
    ],
  },
  {
    name: 'luxury',
    shop: 'Maison',
    goods: [
      ['leather handbag', 3400],
      ['automatic watch', 5200],
      ['card holder', 640],
    ],
  },
  {
    name: 'books',
    shop: 'Books',
    goods: [
      ['novel box set', 56],
      ['exam guide', 24],
      ['picture book, set of 10', 42],
      ['art catalogue', 68],
    ],
  },
  {
    name: 'home',
    shop: 'Home',
    goods: [
      ['desk lamp', 58],
      ['oak bookshelf', 320],
      ['air fryer', 140],
      ['robot vacuum', 680],
      ['rice cooker', 95],
    ],
  },
  {
    name: 'sports',
    shop: 'Outdoors',
    goods: [
      ['road bike', 1350],
      ['two-person tent', 260],
      ['yoga mat', 32],
      ['badminton racket', 145],
    ],
  },
  {
    name: 'toys',
    shop: 'Toys',
    goods: [
      ['building blocks, 1200 pieces', 190],
      ['model railway set', 380],
      ['plush bear', 36],
      ['board game', 72],
    ],
  },
  {
    name: 'music',
    shop: 'Music',
    goods: [
      ['acoustic guitar', 480],
      ['digital piano', 1650],
      ['vinyl record', 85],
      ['violin, 4/4', 720],
    ],
  },
  {
    name: 'baby',
    shop: 'Nursery',
    goods: [
      ['stroller', 360],
      ['cot with mattress', 410],
      ['high chair', 150],
      ['baby carrier', 120],
    ],
  },
]

/** First words of shop names. */
export const SHOP_WORDS = [
  ...['Amber', 'Bamboo', 'Bluebird', 'Cedar', 'Clover', 'Copper', 'Crane', 'Dawn', 'Eastgate', 'Evergreen'],
  ...['Fern', 'Ginkgo', 'Harbour', 'Ivory', 'Jade', 'Kite', 'Lantern', 'Lotus', 'Magpie', 'Maple'],
  ...['Northgate', 'Orchid', 'Pebble', 'Pine', 'Quince', 'Riverside', 'Sparrow', 'Teahouse', 'Willow', 'Windmill'],
] as const

export const CONDITIONS = ['like new', 'very good', 'good', 'fair'] as const
export const CAMPAIGN_WORDS = ['Spring clear-out', 'Everyday', 'Payday', 'Weekend', 'New arrivals'] as const
export const OBJECTIVES = ['reach', 'consultation', 'sale'] as const
