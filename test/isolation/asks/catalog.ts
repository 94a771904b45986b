import type { View } from '../oracle/view.ts'
import { type Ask, at, listAt, unlike } from './ask.ts'

/** What the catalog lists. */
export type Kind = 'metrics' | 'dimensions' | 'processes'
/** All kinds. */
export const KINDS: readonly Kind[] = ['metrics', 'dimensions', 'processes']

/** The names of a kind that a caller may know. */
function namesOf(kind: Kind, { visible }: View): string[] {
  return [...(kind === 'dimensions' ? visible.dimensions : visible[kind].keys())]
}

/** GET /v1/metrics and its like: all of them, or what a word finds. */
export function listAsk(kind: Kind, search: string | undefined): Ask {
  return {
    what: `the list of ${kind}`,
    sent: { method: 'GET', url: `/v1/${kind}${search === undefined ? '' : `?search=${encodeURIComponent(search)}`}` },
    once: true,
    check({ status, json }, view) {
      if (status !== 200) return `refused with ${status}`
      const names = namesOf(kind, view)
      // Names, labels and all else that is told of a thing bear its token, or hold the name whole.
      const found = names.filter((name) => search === undefined || name.includes(search))
      return unlike(namesIn(listAt(json, kind)), found)
    },
  }
}

/** GET /v1/metrics/{name} and its like: told of, or as unknown as what nobody ever named. */
export function oneAsk(kind: Kind, name: string): Ask {
  return {
    what: `one of the ${kind}`,
    sent: { method: 'GET', url: `/v1/${kind}/${name}` },
    once: true,
    check({ status, json }, view) {
      if (!namesOf(kind, view).includes(name)) {
        return at(json, 'code') === 'NOT_FOUND' ? undefined : `${status} for what is not there`
      }
      return status === 200 && at(json, 'name') === name ? undefined : `${status} for what is there`
    },
  }
}

/** GET /v1/publications: those of the caller's sources, and of no day how many rows all tenants have. */
export function publicationsAsk(source: string | undefined): Ask {
  return {
    what: 'publications',
    sent: { method: 'GET', url: `/v1/publications?limit=200${source === undefined ? '' : `&source=${source}`}` },
    once: true,
    check({ status, json }, view) {
      if (status !== 200) return `refused with ${status}`
      if (Object.keys(view.bound).length === 0) return undefined
      return wrongPublications(listAt(json, 'publications'), view, source)
    },
  }
}

function wrongPublications(all: readonly unknown[], view: View, source: string | undefined): string | undefined {
  const counted = all.find((each) => at(each, 'rowCount') !== null)
  if (counted !== undefined) return `rows are counted: ${JSON.stringify(counted)}`
  const batch = [...view.visible.sources.values()].flatMap((each) => each.filter(({ role }) => role !== 'live'))
  const wanted = batch.map(({ name }) => name).filter((name) => source === undefined || name === source)
  return unlike([...new Set(all.map((each) => at(each, 'source')))], wanted)
}

/** What is wrong with the fields of the catalog in a document's data. */
export function wrongCatalog(data: unknown, view: View): string | undefined {
  for (const kind of KINDS) {
    const wrong = unlike(namesIn(listAt(data, kind)), namesOf(kind, view))
    if (wrong !== undefined) return `${kind}: ${wrong}`
  }
  if (Object.keys(view.bound).length === 0) return undefined
  const counted = listAt(data, 'publications').find((each) => at(each, 'rowCount') !== null)
  return counted === undefined ? undefined : `rows are counted: ${JSON.stringify(counted)}`
}

function namesIn(list: readonly unknown[]): unknown[] {
  return list.map((each) => at(each, 'name'))
}
