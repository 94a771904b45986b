import { machineSuite } from './machineSuite.ts'

const seed = Math.floor(Math.random() * 1_000_000)

machineSuite(`the fresh seed ${seed}`, seed)
