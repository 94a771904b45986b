/** JSON text that is written already; the response takes it as it is. */
export class Written {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** A response as JSON text, with the parts that are written already in their places. */
export function writeJson(value: unknown): string {
  if (value instanceof Written) return value.text
  if (Array.isArray(value)) return `[${value.map((each) => writeJson(each ?? null)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const members = Object.entries(value).filter(([, each]) => each !== undefined)
  return `{${members.map(([key, each]) => `${JSON.stringify(key)}:${writeJson(each)}`).join(',')}}`
}
