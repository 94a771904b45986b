import { plant } from '../support/plant.ts'
import { PLANTED } from './planted.ts'

// PLANTED=<name> node --import ./test/crown/plant.ts test/crown/run.ts
plant(PLANTED)
