import { algebraSuite } from './algebraSuite.ts'

algebraSuite('postgres')
