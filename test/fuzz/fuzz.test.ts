import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { body, contentType, largeBody } from './bodies.ts'
import { complaint } from './check.ts'
import { catalog, header, method, path, publications, values } from './doors.ts'
import { Random } from './random.ts'
import { type Gun, QUESTION_GUNS, type Shot } from './shots.ts'
import { openWorld, type World } from './world.ts'

/** One seed is always the same; the other is new every time, and printed, so that FUZZ_SEED can bring it back. */
const FRESH = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 32))
const FIXED = 20_261_120
/** Requests under way at once. */
const AT_ONCE = 16

const GUNS: Readonly<Record<string, { readonly count: number; readonly gun: Gun }>> = {
  ...QUESTION_GUNS,
  body: { count: 1500, gun: body },
  'large body': { count: 60, gun: largeBody },
  'content type': { count: 300, gun: contentType },
  catalog: { count: 800, gun: catalog },
  values: { count: 1000, gun: values },
  publications: { count: 1200, gun: publications },
  method: { count: 500, gun: method },
  path: { count: 600, gun: path },
  header: { count: 500, gun: header },
}

let world: World
let before: string
let sent = 0

beforeAll(async () => {
  world = await openWorld()
  before = await world.fingerprint()
  process.stdout.write(`fuzz: seeds ${FIXED} and ${FRESH} (FUZZ_SEED)\n`)
})
afterAll(() => world.stop())

describe('bad input', () => {
  for (const [kind, { count, gun }] of Object.entries(GUNS)) {
    it(`${kind}: is answered or refused in our form, never by a 5xx`, async () => {
      const shots = [new Random(FIXED), new Random(FRESH)].flatMap((random) =>
        Array.from({ length: Math.ceil(count / 2) }, () => gun(random)),
      )
      expect(await fire(world.app, shots)).toEqual([])
    })
  }

  it('was tried often enough, and has changed nothing', async () => {
    expect(sent).toBeGreaterThanOrEqual(20_000)
    expect(await world.fingerprint()).toBe(before)
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('admin')
    expect((await world.app.inject('/readyz')).statusCode).toBe(200)
  })
})

/** Sends all of them; what is complained of, one line for each different complaint. */
async function fire(app: FastifyInstance, shots: readonly Shot[]): Promise<string[]> {
  const complaints = new Map<string, string>()
  const rest = shots.values()
  const worker = async (): Promise<void> => {
    for (const shot of rest) {
      const wrong = await complaintOf(app, shot)
      sent++
      if (wrong === undefined) continue
      const kind = wrong.split('; answered')[0]?.replace(/\d+/g, 'n') ?? wrong
      if (!complaints.has(kind)) complaints.set(kind, told(shot, wrong))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return [...complaints.values()]
}

async function complaintOf(app: FastifyInstance, { request, expected }: Shot): Promise<string | undefined> {
  const response = await app.inject(request)
  const seen = {
    status: response.statusCode,
    type: String(response.headers['content-type']),
    body: response.body,
    bodiless: request.method === 'HEAD',
  }
  const wrong = complaint(seen, expected)
  return wrong === undefined ? undefined : `${wrong}; answered ${response.body.slice(0, 300)}`
}

function told({ request: { method: by, url, headers, payload } }: Shot, wrong: string): string {
  const sentBody = payload === undefined ? '' : String(payload)
  const shown = sentBody.length > 1500 ? `${sentBody.slice(0, 1500)}... (${sentBody.length})` : sentBody
  return `${wrong}\n  ${by} ${String(url).slice(0, 300)} ${JSON.stringify(headers).slice(0, 200)}\n  ${shown}`
}
