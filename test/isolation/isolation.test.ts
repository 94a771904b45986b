import { isolationSuite } from './isolationSuite.ts'

isolationSuite('the fixed seed', 1)
