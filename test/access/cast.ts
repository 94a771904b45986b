import { makeKey } from './keyring.ts'
import { type Provider, signed, signingKey, startProvider } from './provider.ts'
import { FIRST_KEY, openWorld, PLENTY, type World } from './world.ts'

/** A world that takes tokens of a provider, with gateways here and elsewhere and a credential of every caller. */
export interface Cast {
  readonly world: World
  readonly away: World['door']
  /** The column of the table -> the credential that it shows; undefined for none. */
  readonly credentials: ReadonlyMap<string, string | undefined>
  stop(): Promise<void>
}

const ROLES = ['tenant', 'service', 'analyst', 'admin'] as const
/** The provider's names: an admin by a token is one because the gateway is told so. */
const CLAIMS = {
  roles: { tenant: 'tenant', service: 'service', analyst: 'analyst', admin: 'admin' },
  tenant: { cinema: 'cinema' },
}

/** Opens the world, makes a credential of every kind, and lets the night's run publish the 19th. */
export async function openCast(): Promise<Cast> {
  const signing = await signingKey('one', 'ES256')
  const provider: Provider = await startProvider([signing])
  const world = await openWorld({
    ...provider.environment,
    ONESERVICE_JWT_CLAIMS: JSON.stringify(CLAIMS),
    ...PLENTY,
  })
  const { door } = world
  const away = await world.open({ HOST: '0.0.0.0' })
  await door.composition.publications.publish([
    { source: 'ticket_day', days: ['2026-11-19'], version: 1, runId: 'night-19' },
  ])
  const bound = (role: string) => (role === 'tenant' ? { cinema: 1 } : {})
  const keys = await Promise.all(
    ROLES.map(async (role) => {
      const tenant = role === 'tenant' ? { tenant: { cinema: [1] } } : {}
      return [role, (await makeKey(door, { role, ...tenant })).key] as const
    }),
  )
  const tokens = await Promise.all(
    ROLES.map(async (role) => [`.${role}`, await signed(signing, { sub: role, role, ...bound(role) })] as const),
  )
  const revoked = await makeKey(door, { role: 'admin' })
  await door.composition.api.keys.revoke(revoked.id)
  // The door refuses to make a key that is over; the control database does not care.
  const { keys: book } = door.composition.api
  const over = { name: 'over', role: 'admin', tenant: undefined, contract: {} } as const
  const expired = await book.create({ ...over, expiresAt: '2026-01-01T00:00:00Z' })
  return {
    world,
    away,
    credentials: new Map<string, string | undefined>([
      ['open', undefined],
      ['away', undefined],
      ['wrong', 'osk_0123456789ab_thiskeywasnevergivenouttoanyoneatallbyanyone'],
      ['revoked', revoked.key],
      ['expired', expired.key],
      ...keys,
      ['first', FIRST_KEY],
      ...tokens,
    ]),
    async stop() {
      await world.stop()
      await provider.stop()
    },
  }
}
