import { algebraSuite } from './algebraSuite.ts'

algebraSuite('clickhouse')
