import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'

/** One text of the catalog. `path` is how people know the file: metrics/ad_delivery.yaml. */
export interface CatalogText {
  readonly path: string
  readonly text: string
}

/** What is wrong in a file, and where: 1-based line and column. */
export interface CatalogFault {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly code: string
  readonly message: string
  readonly suggestions: readonly string[]
}

/** A parsed YAML file that can tell where a value stands. */
export class LocatedFile {
  readonly path: string
  readonly value: unknown
  readonly syntaxFaults: readonly CatalogFault[]
  readonly #document: Document
  readonly #lines: LineCounter

  constructor({ path, text }: CatalogText) {
    this.path = path
    this.#lines = new LineCounter()
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, uniqueKeys: true })
    this.syntaxFaults = this.#document.errors.map((error) =>
      this.#faultAtOffset(error.pos[0], 'INVALID_YAML', error.message.split('\n')[0] ?? 'not valid YAML', []),
    )
    this.value = this.syntaxFaults.length > 0 ? undefined : this.#read()
  }

  /** A fault at the value (or, with `atKey`, at the key) that a path leads to; the nearest one that exists. */
  fault(
    path: readonly PropertyKey[],
    code: string,
    message: string,
    suggestions: readonly string[] = [],
    options: { atKey?: boolean; offset?: number } = {},
  ): CatalogFault {
    const offset = this.#offsetOf(path, options.atKey === true)
    return this.#faultAtOffset(offset + (options.offset ?? 0), code, message, suggestions)
  }

  #read(): unknown {
    try {
      return this.#document.toJS({ maxAliasCount: 100 })
    } catch {
      return undefined
    }
  }

  #faultAtOffset(offset: number, code: string, message: string, suggestions: readonly string[]): CatalogFault {
    const { line, col } = this.#lines.linePos(offset)
    return { file: this.path, line: Math.max(1, line), column: Math.max(1, col), code, message, suggestions }
  }

  #offsetOf(path: readonly PropertyKey[], atKey: boolean): number {
    let node: Node | null = this.#document.contents
    let offset = startOf(node)
    for (const [index, part] of path.entries()) {
      let next: unknown
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part))
        if (pair === undefined) return offset
        if (atKey && index === path.length - 1) return isNode(pair.key) ? startOf(pair.key) : offset
        next = pair.value
      } else if (isSeq(node) && typeof part === 'number') next = node.items[part]
      if (!isNode(next)) return offset
      node = next
      offset = startOf(node)
    }
    return offset
  }
}

/** Where a node's own text begins; a quoted scalar's text begins behind its quote. */
function startOf(node: Node | null): number {
  const start = node?.range?.[0] ?? 0
  const quoted = isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE')
  return quoted ? start + 1 : start
}
