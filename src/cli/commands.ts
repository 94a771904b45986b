import type { Command } from './command.ts'
import { drop } from './drop.ts'
import { explain } from './explain.ts'
import { guard } from './guard.ts'
import { init } from './init.ts'
import { publish } from './publish.ts'
import { query } from './query.ts'
import { serveCommand } from './serveCommand.ts'
import { stage } from './stage.ts'
import { validate } from './validate.ts'

/** Every command, in the order in which one meets them. */
export const COMMANDS: readonly Command[] = [serveCommand, query, explain, validate, init, stage, publish, guard, drop]
