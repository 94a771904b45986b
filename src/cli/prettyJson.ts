const LINE = 120

/** JSON as the project's formatter writes it: objects over several lines, lists on one where they fit. */
export function writeJson(value: unknown, indent = '', before = 0): string {
  if (Array.isArray(value)) return writeList(value, indent, before)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value)
  if (entries.length === 0) return '{}'
  const inner = `${indent}  `
  const lines = entries.map(([key, each]) => {
    const start = `${inner}${JSON.stringify(key)}: `
    return `${start}${writeJson(each, inner, start.length)}`
  })
  return `{\n${lines.join(',\n')}\n${indent}}`
}

function writeList(items: readonly unknown[], indent: string, before: number): string {
  const flat = `[${items.map((item) => JSON.stringify(item)).join(', ')}]`
  const plain = items.every((item) => typeof item !== 'object' || item === null)
  // One place is left for the comma that may follow.
  if (items.length === 0 || (plain && before + flat.length < LINE)) return flat
  const inner = `${indent}  `
  return `[\n${items.map((item) => `${inner}${writeJson(item, inner, inner.length)}`).join(',\n')}\n${indent}]`
}
