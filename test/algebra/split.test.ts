import { algebraSuite } from './algebraSuite.ts'

algebraSuite('split')
