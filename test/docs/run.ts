import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogReference } from './catalogReference.ts'
import { HOME } from './referenceWorld.ts'

/** `npm run reference`: writes docs/catalog-reference.md. */
writeFileSync(join(HOME, 'docs/catalog-reference.md'), await catalogReference())
process.stdout.write('wrote docs/catalog-reference.md\n')
