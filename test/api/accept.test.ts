import { describe, expect, it } from 'vitest'
import { preferredType } from '../../src/api/accept.ts'
import { MEDIA_TYPES } from '../../src/api/formats/format.ts'

const JSON_TYPE = 'application/json'
const CSV = 'text/csv'
const NDJSON = 'application/x-ndjson'
const ARROW = 'application/vnd.apache.arrow.stream'

describe('Accept', () => {
  it.each([
    [undefined, JSON_TYPE],
    ['', JSON_TYPE],
    [' ', JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['application/*', JSON_TYPE],
    ['application/json; charset=utf-8', JSON_TYPE],
    ['text/*', CSV],
    ['Text/CSV', CSV],
    ['text/csv;header=present', CSV],
    [ARROW, ARROW],
    // The quality decides.
    ['application/json;q=0.5, text/csv', CSV],
    ['text/csv;q=0.5,application/x-ndjson;q=0.8,application/json;q=0.7', NDJSON],
    ['text/csv; Q=0.001, */*; q=0', CSV],
    ['*/*;q=0.1, text/*;q=0.2', CSV],
    // What names a type most closely decides its quality.
    ['application/*;q=0.9, application/json;q=0.1, text/csv;q=0.5', NDJSON],
    ['application/json;q=0, */*', CSV],
    ['application/*;q=0, */*', CSV],
    ['text/csv;q=0, text/*', undefined],
    // Of equals the closer, then the first.
    ['text/csv, */*', CSV],
    ['*/*, text/csv', CSV],
    ['text/csv, application/json', CSV],
    ['application/json, text/csv', JSON_TYPE],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', JSON_TYPE],
    // A quality that is none counts for nothing.
    ['text/csv;q=high', CSV],
    ['text/csv;q=2, application/json;q=0.5', CSV],
    ['application/problem+json', JSON_TYPE],
    ['application/problem+json, text/csv;q=0.1', CSV],
    ['application/problem+json, application/json;q=0', undefined],
    ['text/html', undefined],
    ['*/*;q=0', undefined],
    ['text/csv;q=0.000', undefined],
    ['csv', undefined],
    [',', undefined],
    [';q=', undefined],
    ['text', undefined],
  ])('%s takes %s', (accept, type) => {
    expect(preferredType(accept, MEDIA_TYPES)).toBe(type)
  })

  it('finds JSON where there is nothing else', () => {
    expect(preferredType('text/csv, */*;q=0.1', [JSON_TYPE])).toBe(JSON_TYPE)
    expect(preferredType('text/csv', [JSON_TYPE])).toBeUndefined()
  })
})
