import { type Edit, edit, leak, type PlantedLeak } from './plantedLeak.ts'

/** No statement runs without its scope: what is left out shows as figures only where the proof is left out too. */
const WITHOUT_PROOF: Edit = {
  file: 'src/stores/sql/scopeProof.ts',
  find: '  return slice.scope.map((predicate) => {',
  replace: '  return slice.scope.slice(0, 0).map((predicate) => {',
}

const NO_CONDITIONS = edit(
  'src/stores/sql/facts.ts',
  '    ...slice.scope.map((scope) => scopeSql(slice, scope, dialect)),\n',
  '',
)

const EMPTY_IS_ALL = edit(
  'src/stores/sql/facts.ts',
  `if (scope.values.length === 0) return sql\`\${mark} 1 = 0\``,
  `if (scope.values.length === 0) return sql\`\${mark} 1 = 1\``,
)

/** Sources without a dimension of the scope: the catalog's view leaves them out, and routing once more. */
const SOURCES_THAT_LACK_IT: readonly Edit[] = [
  edit(
    'src/catalog/visible.ts',
    'bound.every((dimension) => source.dimensions.has(dimension))',
    'bound.length > 0 || source.dimensions.size > 0',
  ),
  edit(
    'src/route/coverage.ts',
    'for (const { dimension } of node.scope) {',
    'for (const { dimension } of node.scope.slice(0, 0)) {',
  ),
]

/** The caller's scope on its way from the credential to the statement and the cache. */
export const SCOPE_LEAKS: readonly PlantedLeak[] = [
  { name: 'no-scope-in-statements', shows: 'broken', edits: [NO_CONDITIONS] },
  { name: 'no-scope-in-statements-nor-proof', shows: 'figures', edits: [NO_CONDITIONS, WITHOUT_PROOF] },
  { name: 'empty-scope-is-all', shows: 'broken', edits: [EMPTY_IS_ALL] },
  { name: 'empty-scope-is-all-without-proof', shows: 'figures', edits: [EMPTY_IS_ALL, WITHOUT_PROOF] },
  { name: 'sources-that-lack-the-dimension', shows: 'broken', edits: SOURCES_THAT_LACK_IT },
  {
    // What such a source lacks can't be written as a condition either; whoever leaves that out reads all of it.
    name: 'sources-that-lack-the-dimension-read-whole',
    shows: 'figures',
    edits: [
      ...SOURCES_THAT_LACK_IT,
      WITHOUT_PROOF,
      edit(
        'src/stores/sql/facts.ts',
        '...slice.scope.map((scope) => scopeSql(slice, scope, dialect)),',
        '...slice.scope.filter((scope) => source.dimensions.has(scope.dimension)).map((scope) => scopeSql(slice, scope, dialect)),',
      ),
    ],
  },
  leak(
    'no-scope-in-the-cache-key',
    'figures',
    'src/gateway/cache/key.ts',
    '    scope.map(({ dimension, type, values }) => [dimension, type, values.toSorted()]),\n',
    '',
  ),
  leak(
    'no-values-in-the-cache-key',
    'figures',
    'src/gateway/cache/key.ts',
    '[dimension, type, values.toSorted()]',
    '[dimension, type, values.length]',
  ),
  leak(
    'no-scope-in-the-prepared-book',
    'figures',
    'src/gateway/preparedBook.ts',
    "context.scope.length === 0 ? '' : JSON.stringify(context.scope)",
    "context.scope.length === 0 ? '' : 'scoped'",
  ),
  leak(
    'resolve-drops-the-scope',
    'figures',
    'src/query/resolve.ts',
    '    scope,\n    having,\n',
    '    scope: scope.slice(0, 0),\n    having,\n',
  ),
  leak('the-plan-drops-the-scope', 'figures', 'src/plan/build.ts', '    scope,\n', '    scope: scope.slice(0, 0),\n'),
  leak(
    'slices-drop-the-scope',
    'figures',
    'src/route/physical.ts',
    '({ ...slice, time, fields, filters, scope })',
    '({ ...slice, time, fields, filters, scope: scope.slice(0, 0) })',
  ),
  leak('questions-drop-the-scope', 'figures', 'src/gateway/answer.ts', '    scope: caller.scope,', '    scope: [],'),
  leak(
    'planning-again-drops-the-scope',
    'figures',
    'src/gateway/answer.ts',
    'const around = { ...context, down:',
    'const around = { ...context, scope: [], down:',
  ),
  leak(
    'explain-drops-the-scope',
    'figures',
    'src/gateway/explain.ts',
    'await admit(question, context, caller, gateway, {})',
    'await admit(question, { ...context, scope: [] }, caller, gateway, {})',
  ),
  leak(
    'only-the-first-bound',
    'figures',
    'src/api/identity.ts',
    'return Object.entries(tenant).map(',
    'return Object.entries(tenant).slice(0, 1).map(',
  ),
  leak(
    'callers-of-another-catalog',
    'figures',
    'src/api/identity.ts',
    'if (known?.catalog === catalog) return known.caller',
    'if (known !== undefined) return known.caller',
  ),
  leak(
    'known-answers-drop-the-scope',
    'figures',
    'src/gateway/answer.ts',
    'gateway.prepared.known(question, contextOf(caller, gateway))',
    'gateway.prepared.known(question, { ...contextOf(caller, gateway), scope: [] })',
  ),
]
