/** Bounds of a request that are not a question's own; docs/api.md and the API document state them. */
export const MOST_BODY_BYTES = 1024 * 1024
export const MOST_ADDRESS_CHARACTERS = 8000

export const LIMITS = [
  'Limits: bodies of 1 MiB, addresses of 8,000 characters, JSON 40 deep, 100 metrics, 20 dimensions, 10,000 values of',
  '100,000 characters in all filters, ranges of 36,600 days, 50,000 rows an answer (then `truncated`), 1,000,000 groups',
  'a source, 30 s a question unless set otherwise.',
  'GraphQL: documents of 100,000 characters, 12 deep, 20 questions, 500 fields, 200 aliases.',
  'Each caller has a token bucket over REST and GraphQL together; `RateLimit` tells what is left, 429 when to come again.',
].join(' ')
