import type { CatalogText } from '../../src/catalog/position.ts'
import type { Random } from '../support/random.ts'
import { compiled } from '../support/shopCatalog.ts'
import { at } from './asks/ask.ts'
import { CAST } from './cast.ts'
import type { House } from './house.ts'
import {
  type Bound,
  type DimensionModel,
  type KeyType,
  roleOf,
  TENANT_DIMENSIONS,
  type TenantDimension,
  type Town,
} from './model.ts'
import { type View, viewOf } from './oracle/view.ts'

/** Somebody who asks, and all that is theirs. */
export interface Caller {
  readonly who: string
  readonly credential: string
  readonly view: View
}

const RATE = { rate: { perSecond: 1_000_000, burst: 1_000_000 } }
const NOTHING_PUBLISHED = { epoch: 0, sources: new Map() }
const TYPES: readonly KeyType[] = ['string', 'integer']

/** Credentials by what they are bound to: each is made once, by the door that makes keys, and used in many towns. */
export class Callers {
  readonly #house: House
  readonly #keys = new Map<string, string>()
  readonly #views = new WeakMap<Town, Map<string, View>>()

  private constructor(house: House) {
    this.#house = house
  }

  /** Makes the credentials of strangers, in catalogs of their own. */
  static async open(house: House): Promise<Callers> {
    const callers = new Callers(house)
    for (const type of TYPES) {
      const home = { dimensions: TENANT_DIMENSIONS.map((name) => ({ name, type })) }
      house.show({ catalog: compiled(homeTexts(type)), snapshot: NOTHING_PUBLISHED, now: 0, realtimeDown: false })
      for (const name of TENANT_DIMENSIONS) await callers.#keyOf(home, strangerTo(name, type))
    }
    return callers
  }

  admin(town: Town): Caller {
    return { who: 'the admin', credential: this.#house.adminKey, view: this.#viewOf(town, {}) }
  }

  /** A tenant of the town that the house shows. */
  async tenant(who: string, town: Town, bound: Bound): Promise<Caller> {
    const credential = await this.#keyOf(town, bound)
    return { who: `${who} ${JSON.stringify(bound)}`, credential, view: this.#viewOf(town, bound) }
  }

  /** A tenant of other towns. Here its keys are none, and it sees no rows; or its dimension is none: it is refused. */
  stranger(random: Random, town: Town): Promise<Caller> {
    const typeOf = (name: TenantDimension) => town.dimensions.find((each) => each.name === name)?.type
    const name = random.pick(TENANT_DIMENSIONS)
    return this.tenant('a stranger', town, strangerTo(name, typeOf(name) === 'string' ? 'integer' : 'string'))
  }

  #viewOf(town: Town, bound: Bound): View {
    const ofTown = this.#views.get(town) ?? new Map<string, View>()
    this.#views.set(town, ofTown)
    const text = JSON.stringify(bound)
    const view = ofTown.get(text) ?? viewOf(town, bound)
    ofTown.set(text, view)
    return view
  }

  async #keyOf(
    { dimensions }: { dimensions: readonly Pick<DimensionModel, 'name' | 'type'>[] },
    bound: Bound,
  ): Promise<string> {
    const text = JSON.stringify(bound)
    const known = this.#keys.get(text)
    if (known !== undefined) return known
    const typed = Object.entries(bound).map(([name, keys]) => {
      const isInteger = dimensions.find((each) => each.name === name)?.type === 'integer'
      return [name, isInteger ? keys.map(Number) : keys] as const
    })
    const response = await this.#house.app.inject({
      method: 'POST',
      url: '/v1/keys',
      headers: { authorization: `Bearer ${this.#house.adminKey}` },
      payload: { name: 'a tenant', role: roleOf(bound), tenant: Object.fromEntries(typed), contract: RATE },
    })
    const key = at(response.json(), 'key')
    if (typeof key !== 'string') throw new Error(`no key was made: ${response.payload}`)
    // Looked up once, so that those who show it at the same moment need not each look it up.
    await this.#house.keys.find(key)
    this.#keys.set(text, key)
    return key
  }
}

/** One whom no town binds to just this: nobody's tenant but its own. */
function strangerTo(name: TenantDimension, type: KeyType): Bound {
  return { [name]: CAST[name][type].slice(-1).map(({ key }) => key) }
}

/** A catalog of tenant dimensions and one table that carries them. */
function homeTexts(type: KeyType): CatalogText[] {
  const home = {
    process: 'home',
    domain: 'home',
    zone: 'UTC',
    dimensions: TENANT_DIMENSIONS,
    sources: [
      {
        source: 'home_table',
        store: 'offline',
        table: 'home',
        time: { column: 'at', grain: 'instant' },
        dimensions: Object.fromEntries(TENANT_DIMENSIONS.map((name) => [name, name])),
      },
    ],
    metrics: [{ metric: 'home_rows', agg: 'count' }],
  }
  return [
    ...TENANT_DIMENSIONS.map((name) => ({
      path: `dimensions/${name}.yaml`,
      text: JSON.stringify({ dimension: name, type }),
    })),
    { path: 'metrics/home.yaml', text: JSON.stringify(home) },
  ]
}
