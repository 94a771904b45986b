import { type Role, roleOf } from '../model.ts'
import { type Ask, at, listAt } from './ask.ts'
import { wrongCatalog } from './catalog.ts'
import { CATALOG_FIELDS } from './documentText.ts'

/** Anything sent that nobody can be given an answer to: what is near is suggested, of the caller's own names alone. */
export function strangeAsk(what: string, url: string, body: string | undefined): Ask {
  return {
    what,
    sent: body === undefined ? { method: 'GET', url } : { method: 'POST', url, body },
    once: true,
    check({ status, json }) {
      const refused = status >= 400 || listAt(json, 'errors').length > 0
      return refused ? undefined : `${status} for what cannot be there`
    },
  }
}

/** What is for some roles only. */
export function forbiddenAsk(url: string, roles: readonly Role[]): Ask {
  return {
    what: 'what is not for everyone',
    sent: { method: 'GET', url },
    once: true,
    check({ status }, { bound }) {
      const wanted = roles.includes(roleOf(bound)) ? 200 : 403
      return status === wanted ? undefined : `${status} instead of ${wanted}`
    },
  }
}

/** What the schema says of itself. */
export function introspectionAsk(): Ask {
  const fields = 'fields(includeDeprecated: true) { name description args { name } }'
  const query = `{ __schema { types { name description ${fields} inputFields { name description } enumValues { name } } } }`
  return {
    what: 'the schema',
    sent: { method: 'POST', url: '/graphql', body: JSON.stringify({ query }) },
    once: true,
    check({ status, json }, view) {
      if (status !== 200) return `refused with ${status}`
      const types = listAt(json, 'data', '__schema', 'types')
      const root = types.find((type) => at(type, 'name') === 'Query')
      const fieldNames = listAt(root, 'fields').map((field) => at(field, 'name'))
      const lost = [...view.visible.domains].filter((name) => !fieldNames.includes(name))
      return lost.length === 0 ? undefined : `no field ${lost.join(', ')}`
    },
  }
}

/** The catalog's own fields alone. */
export function catalogDocumentAsk(): Ask {
  return {
    what: 'a document of the catalog',
    sent: { method: 'POST', url: '/graphql', body: JSON.stringify({ query: `{ ${CATALOG_FIELDS} }` }) },
    once: true,
    check: ({ status, json }, view) =>
      status === 200 ? wrongCatalog(at(json, 'data'), view) : `refused with ${status}`,
  }
}
