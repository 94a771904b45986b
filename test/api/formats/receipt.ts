/** The receipt of an answer that nobody computed. */
export const receipt = {
  queryId: 'q',
  catalogVersion: 'v',
  epoch: 1,
  cache: 'miss',
  approximate: [],
  asOf: '2026-11-20T02:00:00.000Z',
  scope: null,
  versions: [],
  question: {},
} as const
