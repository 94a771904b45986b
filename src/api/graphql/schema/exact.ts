import { numberText } from '../../restatementText.ts'

/** Not yet among TypeScript's types: a value that JSON.stringify writes as the text it was made of. */
const { rawJSON } = JSON as typeof JSON & { rawJSON(text: string): object }

/** An exact text as the number literal that goes out; null stays null. */
export function exact(text: string | null): object | null {
  return text === null ? null : rawJSON(numberText(text))
}
