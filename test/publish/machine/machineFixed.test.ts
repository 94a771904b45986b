import { machineSuite } from './machineSuite.ts'

machineSuite('the fixed seed', 20261121)
