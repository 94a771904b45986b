import { DAYS, QUESTION, SOURCES } from './bakery.ts'

export const ADMIN_KEY = 'a-key-of-the-bakery'

/** What a gateway replied; undefined when it went away instead. */
export type Told = { readonly status: number; readonly body: ReturnType<typeof JSON.parse> } | undefined

/** A version of every day of both sources, in one transaction. */
export const publishAll = (url: string, version: number, runId: string): Promise<Told> => {
  const publications = SOURCES.map((source) => ({ source, days: DAYS, version }))
  return send(url, 'POST', '/v1/publications', { publications, runId })
}

/** Stages a version of every day of both sources. */
export async function stageAll(url: string, version: number): Promise<void> {
  for (const source of SOURCES) {
    const told = await send(url, 'POST', '/v1/publications/stage', { source, days: DAYS, version })
    if (told?.status !== 200) throw new Error(JSON.stringify(told))
  }
}

/** Drops what was superseded a while ago, of both sources. */
export const dropOld = (url: string): Promise<Told> =>
  send(url, 'POST', '/v1/publications/drop', { olderThan: '30 minutes' })

export const withdraw = (url: string, source: string, day: string): Promise<Told> =>
  send(url, 'DELETE', `/v1/publications/${source}/${day}`)

/** The rows that are answered now. */
export async function rowsNow(url: string): Promise<unknown[]> {
  const told = await send(url, 'POST', '/v1/query?shape=rows', QUESTION)
  if (told?.status !== 200) throw new Error(JSON.stringify(told))
  return told.body.rows
}

/** All that a gateway lists of publications, and of what they have changed. */
export async function listed(url: string): Promise<unknown> {
  const told = await send(url, 'GET', '/v1/publications')
  if (told?.status !== 200) throw new Error(JSON.stringify(told))
  return told.body.publications
}

async function send(url: string, method: string, path: string, payload?: unknown): Promise<Told> {
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${ADMIN_KEY}`,
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(payload === undefined ? {} : { body: JSON.stringify(payload) }),
    })
    return { status: response.status, body: await response.json() }
  } catch {
    return undefined
  }
}
