import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { readCaseFiles } from '../support/answerCases.ts'
import { checkCase } from '../support/checkCase.ts'
import { type FlightWorld, openFlights } from './world.ts'

const HERE = dirname(fileURLToPath(import.meta.url))

let world: FlightWorld
beforeAll(async () => {
  world = await openFlights()
})
afterAll(() => world?.stop())

function casesOf(folder: string): void {
  for (const { file, cases } of readCaseFiles(join(HERE, folder))) {
    describe(file, () => {
      for (const each of cases) it(each.case, () => checkCase(each, world.composition.gateway, world.truth))
    })
  }
}

describe('published through the 24th of June', () => {
  casesOf('cases')
  casesOf('published')
})

// Both stores hold the same flights: a hole changes where they are read, and no number.
describe('with a hole that real time fills', () => {
  beforeAll(() => world.withdraw('2001-06-20'))
  casesOf('cases')
})

describe('with a day besides that nothing holds', () => {
  beforeAll(async () => {
    for (const day of ['2001-06-20', '2001-05-15']) await world.withdraw(day)
  })
  casesOf('holes')
})
