import { catalogTexts } from './catalogTexts.ts'
import type { Failure } from './world.ts'

const LONGEST = 6000

/** Everything that one needs to look into a failure. */
export function reportOf({ world, ask, caller, reply, wrongs }: Failure, seed: number): string {
  const { town, index, moment, warmed, between } = world
  return [
    `seed ${seed}, town ${town.id}, world ${index}: ${ask.what}, asked by ${caller.who}`,
    ...wrongs.map(({ kind, what }) => `leak of ${kind}: ${what}`),
    `the admin ${warmed ? 'asked first' : 'did not ask first'}; ${between} between the rounds`,
    `one: ${world.one.who}; other: ${world.other.who}`,
    `now ${new Date(moment.now).toISOString()}${moment.realtimeDown ? ', realtime down' : ''}`,
    `published ${JSON.stringify(Object.fromEntries(moment.published))}`,
    `sent ${ask.sent.method} ${ask.sent.method === 'GET' ? decodeURIComponent(ask.sent.url) : ask.sent.url} ${ask.sent.body ?? ''}`,
    `reply ${reply.status} ${reply.headers}`,
    clipped(reply.text),
    ...catalogTexts(town).map(({ path, text }) => `${path}: ${JSON.stringify(JSON.parse(text))}`),
  ].join('\n')
}

function clipped(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text
}
