import { isolationSuite } from './isolationSuite.ts'

const seed = Math.floor(Math.random() * 1_000_000)

isolationSuite(`the fresh seed ${seed}`, seed)
