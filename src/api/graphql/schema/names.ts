/** `ad_delivery` -> `AdDelivery`. */
export function typeNameOf(name: string): string {
  return name.replace(/(?:^|_+)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** Gives every name once: a second taker gets it with `_` behind. The order of takers decides, and it is the catalog's. */
export class NameBook {
  readonly #taken: Set<string>

  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken)
  }

  take(wanted: string): string {
    let name = wanted
    while (this.#taken.has(name)) name += '_'
    this.#taken.add(name)
    return name
  }
}
