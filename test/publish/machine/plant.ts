import { plant } from '../../support/plant.ts'
import { PLANTED } from './planted.ts'

// PLANTED=<name> node --import ./test/publish/machine/plant.ts test/publish/machine/run.ts
plant(PLANTED)
