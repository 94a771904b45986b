/** Negative where `a` comes before `b`, 0 where neither does. */
export type Order<Item> = (a: Item, b: Item) => number

export function compareNumbers(a: number | bigint, b: number | bigint): number {
  return Number(a > b) - Number(a < b)
}

export function reversed<Item>(order: Order<Item>): Order<Item> {
  return (a, b) => order(b, a)
}

/** Of two that an order does not tell apart, the first. */
export function greater<Item>(order: Order<Item>): (a: Item, b: Item) => Item {
  return (a, b) => (order(a, b) < 0 ? b : a)
}
