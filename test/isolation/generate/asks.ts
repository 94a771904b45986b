import type { Random } from '../../support/random.ts'
import { type Asked, questionText } from '../asked.ts'
import type { Ask } from '../asks/ask.ts'
import { KINDS, listAsk, oneAsk, publicationsAsk } from '../asks/catalog.ts'
import { documentAsk, type Panel } from '../asks/document.ts'
import { documentText } from '../asks/documentText.ts'
import { explainAsk } from '../asks/explain.ts'
import { queryAsk } from '../asks/query.ts'
import { catalogDocumentAsk, forbiddenAsk, introspectionAsk, strangeAsk } from '../asks/strange.ts'
import { valuesAsk } from '../asks/values.ts'
import type { Town } from '../model.ts'
import { misspelt, tokensIn } from '../tokens.ts'
import { type Asking, makeAsked } from './asked.ts'

/** What all callers of a world ask, each in the same words. */
export function makeAsks(random: Random, asking: Asking): Ask[] {
  const asked = Array.from({ length: random.int(1, 2) }, () => makeAsked(random, asking))
  const maybe = (probability: number, make: () => Ask): Ask[] => (random.chance(probability) ? [make()] : [])
  return [
    ...asked.map((each) =>
      queryAsk(each, random.pick(['GET', 'POST', 'POST']), random.pick(['records', 'rows', 'columns'])),
    ),
    ...maybe(0.5, () => makeDocument(random, asking, asked)),
    ...maybe(0.35, () => makeValues(random, asking)),
    ...maybe(0.25, () => explainAsk(makeAsked(random, asking))),
    ...maybe(0.25, () => makeList(random, asking)),
    ...maybe(0.15, () => publicationsAsk(random.chance(0.5) ? undefined : random.pick(sourcesOf(asking)))),
    ...maybe(0.25, () => makeStrange(random, asking)),
    ...maybe(0.1, () => makeForbidden(random)),
    ...maybe(0.05, () => introspectionAsk()),
    ...maybe(0.06, () => catalogDocumentAsk()),
  ]
}

function makeForbidden(random: Random): Ask {
  return random.chance(0.5) ? forbiddenAsk('/v1/keys', ['admin']) : forbiddenAsk('/metrics', ['admin'])
}

function sourcesOf({ view: { town } }: Asking): string[] {
  return town.processes.flatMap(({ sources }) => sources.map(({ name }) => name))
}

function makeDocument(random: Random, asking: Asking, asked: readonly Asked[]): Ask {
  const own = Array.from({ length: random.int(0, 1) }, () => makeAsked(random, asking))
  const panels = panelsOf([...asked.slice(0, 2), ...own], asking.view.town)
  return documentAsk(panels, random.pick(['GET', 'POST', 'POST']), random.chance(0.1))
}

function panelsOf(asked: readonly Asked[], town: Town): Panel[] {
  const tables = new Set(town.dimensions.flatMap(({ name, table }) => (table === undefined ? [] : [name])))
  return asked.map((each, i) => ({ alias: `panel${i}`, domain: domainOf(each, town), asked: each, tables }))
}

/** The domain that a question's metrics belong to. */
function domainOf({ metrics: [first] }: Asked, { processes, spanning }: Town): string {
  const across = spanning.find(({ name }) => name === first?.metric)
  const process = processes.find(({ metrics }) => metrics.some(({ name }) => name === first?.metric))
  return across?.domain ?? process?.domain ?? ''
}

function makeValues(random: Random, { view, other }: Asking): Ask {
  const dimension = random.pick(view.town.dimensions)
  const bound = [...Object.values(view.bound), ...Object.values(other.bound)].flat()
  const words = [...dimension.members.flatMap((member) => member.name ?? []), 'name', 'only', 'O', '7']
  const fits = (key: string) => dimension.type === 'string' || /^\d+$/.test(key)
  const after = random.pick([...bound.filter(fits), dimension.type === 'integer' ? '5' : 'only'])
  return valuesAsk(dimension, {
    search: random.chance(0.4) ? random.pick(words) : undefined,
    limit: random.pick([1, 2, 3, 100, 100]),
    after: random.chance(0.3) ? after : undefined,
  })
}

function makeList(random: Random, { view: { town } }: Asking): Ask {
  const kind = random.pick(KINDS)
  const names = {
    metrics: town.processes.flatMap(({ metrics }) => metrics.map(({ name }) => name)),
    dimensions: town.dimensions.map(({ name }) => name),
    processes: town.processes.map(({ name }) => name),
  }[kind]
  const name = random.pick(names)
  if (random.chance(0.4)) return oneAsk(kind, name)
  return listAsk(kind, random.chance(0.5) ? undefined : ([...tokensIn(name)][0] ?? name))
}

/** Names that are all but right, at each door. */
function makeStrange(random: Random, asking: Asking): Ask {
  const { town } = asking.view
  const asked = makeAsked(random, asking)
  const misspelled = misspelt(questionText(asked))
  const name = random.pick([...town.processes, ...town.processes.flatMap(({ metrics }) => metrics)]).name
  return random.weighted<() => Ask>([
    [2, () => strangeAsk('a misspelt question', '/v1/query', misspelled)],
    [2, () => strangeAsk('a misspelt question to explain', '/v1/explain', misspelled)],
    [
      2,
      () =>
        strangeAsk(
          'a misspelt name',
          `/v1/${random.pick(['metrics', 'processes', 'dimensions'])}/${misspelt(name)}`,
          undefined,
        ),
    ],
    [
      1,
      () =>
        strangeAsk(
          'values of a misspelt name',
          `/v1/dimensions/${misspelt(random.pick(town.dimensions).name)}y/values`,
          undefined,
        ),
    ],
    [
      3,
      () =>
        strangeAsk(
          'a misspelt document',
          '/graphql',
          JSON.stringify({ query: misspelt(documentText(panelsOf([asked], town), false)) }),
        ),
    ],
  ])()
}
