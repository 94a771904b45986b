import type { Door } from './door.ts'
import { FIRST_KEY } from './world.ts'

/** What an admin writes to have a key made. */
export interface Wanted {
  readonly name?: string
  readonly role?: string
  readonly tenant?: unknown
  readonly contract?: unknown
  readonly expiresAt?: string
}

/** A key as it is shown the one time. */
export interface Made {
  readonly id: string
  readonly key: string
  readonly prefix: string
}

/** Makes a key by POST /v1/keys; an analyst's unless told otherwise. */
export async function makeKey(door: Door, wanted: Wanted = {}): Promise<Made> {
  const { status, body } = await door.send({
    url: '/v1/keys',
    credential: FIRST_KEY,
    body: { name: 'a key of a test', role: 'analyst', ...wanted },
  })
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body
}

/** Makes a key that is bound to these cinemas. */
export async function tenantKey(door: Door, ...cinemas: readonly number[]): Promise<string> {
  return (await makeKey(door, { role: 'tenant', tenant: { cinema: cinemas } })).key
}

/** Revokes a key, or what else stands at that address. */
export async function revoke(door: Door, id: string): Promise<number> {
  const url = `/v1/keys/${encodeURIComponent(id)}`
  return (await door.send({ method: 'DELETE', url, credential: FIRST_KEY })).status
}
