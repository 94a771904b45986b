// What a town holds, written down once: its catalog, its tables and what is expected of it are all made from this.

/** What a tenant dimension's keys are. */
export type KeyType = 'string' | 'integer'
/** What callers can be bound to. */
export type TenantDimension = 'advertiser' | 'region'
/** All of them; a town carries the first, or both. */
export const TENANT_DIMENSIONS: readonly TenantDimension[] = ['advertiser', 'region']

/** A value of a tenant dimension. */
export interface Member {
  /** As text, whatever its type. */
  readonly key: string
  /** undefined = it has no row in the dimension's table. */
  readonly name: string | undefined
  readonly tier: string | null
}

/** A dimension of a town, with whatever of it could tell of others. */
export interface DimensionModel {
  readonly name: string
  readonly type: KeyType
  /** It has a table with names and tiers of all tenants' members. */
  readonly table: string | undefined
  readonly members: readonly Member[]
  /** People read `name` instead of the key. */
  readonly named: boolean
  readonly declared: readonly { readonly value: string | number; readonly label: string | undefined }[] | undefined
}

/** One event that happened. */
export interface Fact {
  readonly day: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Of each dimension that its process carries. */
  readonly keys: Readonly<Record<string, string | null>>
  readonly viewer: string
  /** Hundredths. */
  readonly cost: number
  readonly units: number
}

/** A comparison, or some of them together; as a question writes it. */
export type Filter =
  | { readonly field: string; readonly op: Operator; readonly values?: readonly (string | number | null)[] }
  | { readonly and: readonly Filter[] }
  | { readonly or: readonly Filter[] }
  | { readonly not: Filter }

/** How a filter compares. */
export type Operator = 'eq' | 'ne' | 'in' | 'notIn' | 'contains' | 'isNull' | 'notNull'

/** A named filter of a process. */
export interface ModifierModel {
  readonly name: string
  readonly filters: readonly Extract<Filter, { field: string }>[]
}

/** How an atomic metric is computed. */
export type Aggregation = 'count' | 'sum' | 'min' | 'max' | 'count_distinct'
/** What events measure. */
export type MeasureName = 'cost' | 'units' | 'viewer'

/** One aggregation of one process. */
export interface AtomicModel {
  readonly kind: 'atomic'
  readonly name: string
  readonly aggregation: Aggregation
  readonly of: MeasureName | undefined
  /** Events don't hold it; some table of days does. */
  readonly daysOnly: boolean
}

/** An atomic metric under modifiers. */
export interface DerivedModel {
  readonly kind: 'derived'
  readonly name: string
  readonly from: string
  readonly modifiers: readonly string[]
}

/** A ratio of two atomic metrics. */
export interface RatioModel {
  readonly kind: 'ratio'
  readonly name: string
  readonly above: string
  readonly below: string
}

/** Any metric of a process. */
export type MetricModel = AtomicModel | DerivedModel | RatioModel

/** A part of one of the tables of facts. */
export interface SourceModel {
  readonly name: string
  /** `days` and `events` are versioned and published by day; `live` is a stream. */
  readonly role: 'days' | 'events' | 'live'
  /** Tells its rows in the table that it shares with other sources. */
  readonly place: number
  readonly dimensions: readonly string[]
  /** Atomic metrics that it holds. */
  readonly holds: ReadonlySet<string>
  /** The version under which a day's rows are the true ones. */
  readonly versions: ReadonlyMap<string, number>
}

/** A process with all that happened in it. */
export interface ProcessModel {
  readonly name: string
  readonly domain: string
  readonly zone: string
  readonly dimensions: readonly string[]
  readonly modifiers: readonly ModifierModel[]
  readonly sources: readonly SourceModel[]
  readonly metrics: readonly MetricModel[]
  readonly facts: readonly Fact[]
}

/** Whom a caller is bound to: dimension -> keys. Nobody is bound to nothing but the admin. */
export type Bound = Readonly<Partial<Record<TenantDimension, readonly string[]>>>

/** What else is said of a caller; it is bound by its tenant alone, whatever its role. */
export type Role = 'admin' | 'tenant' | 'service' | 'analyst'

/** The role of the credential that is made for who is bound to this. */
export function roleOf(bound: Bound): Role {
  if (Object.keys(bound).length === 0) return 'admin'
  return (['tenant', 'service', 'analyst'] as const)[JSON.stringify(bound).length % 3] ?? 'tenant'
}

/** A catalog with its data, and callers that share it. */
export interface Town {
  readonly id: number
  readonly dimensions: readonly DimensionModel[]
  readonly processes: readonly ProcessModel[]
  /** Ratios over two processes; they stand in a file of their own. */
  readonly spanning: readonly (RatioModel & { readonly domain: string })[]
  /** Callers that share no value of a tenant dimension that both are bound to. */
  readonly tenants: readonly Bound[]
}

/** When a town is asked, and what is out then. */
export interface Moment {
  readonly now: number
  /** Source -> the published days. */
  readonly published: ReadonlyMap<string, readonly string[]>
  readonly realtimeDown: boolean
}
