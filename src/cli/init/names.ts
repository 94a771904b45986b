import { RESERVED } from '../../catalog/rules/reservedNames.ts'

const LONGEST = 60

/** A name of the catalog out of any text: `Order ID` -> `order_id`; the fallback where nothing of it is left. */
export function validName(text: string, fallback: string): string {
  const name = text
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, LONGEST)
    .replace(/_$/, '')
  if (name === '') return fallback
  return /^[a-z]/.test(name) ? name : `n_${name}`.slice(0, LONGEST)
}

/** The name, or one near it that nobody has: with the prefix, then with a number. It is taken from then on. */
export function takeName(name: string, prefix: string, taken: Set<string>): string {
  const free = firstFree(name, prefix, taken)
  taken.add(free)
  return free
}

function firstFree(name: string, prefix: string, taken: ReadonlySet<string>): string {
  const isFree = (each: string) => !taken.has(each) && !RESERVED.includes(each)
  if (isFree(name)) return name
  const longer = `${prefix}_${name}`.slice(0, LONGEST)
  if (isFree(longer)) return longer
  for (let i = 2; ; i++) if (isFree(`${longer}_${i}`)) return `${longer}_${i}`
}

/** `order_items` -> `order_item`; good enough to see that `order_item_id` is the table's own key. */
export function singular(name: string): string {
  return name.endsWith('ies') ? `${name.slice(0, -3)}y` : name.replace(/s$/, '')
}
