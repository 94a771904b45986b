import { algebraSuite } from './algebraSuite.ts'

algebraSuite('hole')
