import { plant } from '../support/plant.ts'
import { LEAKS } from './planted.ts'

// PLANTED=<name> node --import ./test/isolation/plant.ts test/isolation/run.ts
plant(LEAKS)
