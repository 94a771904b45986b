import { EXAMPLES } from './examples.ts'
import { exampleText, fenced, readDefinitions } from './exampleText.ts'
import { keyTables } from './keyTables.ts'
import { NOW, openReferenceWorld } from './referenceWorld.ts'
import { SMALL_CATALOG } from './smallCatalog.ts'

const HEAD = `# Every key and every metric type

\`npm run reference\` writes this page: the tables from the schemas that check catalog files, the examples by asking a gateway.
What the keys are for, in chapters, says [catalog.md](catalog.md); what answers mean says [concepts.md](concepts.md).

## Keys

\`needed\` stands where a key can't be left out. A name is lower case letters, digits and \`_\`, starting with a letter; an arrow stands
between the two sides of a map.`

const EXAMPLES_HEAD = `## Metric types

Each type with a definition of the sample business, a question, the statements that it becomes in both engines, and its rows. The moment is
${NOW}; days through 2026-11-18 are published and read from ClickHouse, later ones are read from PostgreSQL. Keys that only people read are
left out of the definitions. In statements, \`column_0\` and so on are states: they merge over stores and days, and division comes last.
Doubles are cut to six digits here.

What the sample business has no use for stands in a small catalog beside it:`

/** The text of docs/catalog-reference.md: the same one every time. */
export async function catalogReference(): Promise<string> {
  const world = await openReferenceWorld()
  try {
    const definitions = readDefinitions(world.catalogFolder)
    const examples: string[] = []
    for (const example of EXAMPLES) examples.push(await exampleText(example, world.composition.gateway, definitions))
    const small = Object.entries(SMALL_CATALOG).map(([path, text]) => fenced('yaml', `# ${path}\n${text.trim()}`))
    return `${[HEAD, keyTables(), EXAMPLES_HEAD, ...small, ...examples].join('\n\n')}\n`
  } finally {
    await world.close()
  }
}
