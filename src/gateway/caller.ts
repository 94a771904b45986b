import type { ScopePredicate } from '../query/resolved.ts'
import type { Rate } from './limits/bucket.ts'

/** What a credential lets its bearer do. `open` is who shows none where none is needed. */
export const ROLES = ['admin', 'analyst', 'service', 'tenant'] as const
export type Role = (typeof ROLES)[number] | 'open'

/** Who asks. The scope holds for everything the caller asks and can't be widened by a question. */
export interface Caller {
  /** Tells callers apart in logs and limits: `key:<id>`, `token:<issuer> <subject>`, `admin`, `open`. Never a secret. */
  readonly id: string
  readonly role: Role
  readonly scope: readonly ScopePredicate[]
  /** How much the caller may ask; undefined = as much as it likes. */
  readonly rate: Rate | undefined
}

/** Everyone on loopback who shows no credential, unlimited. */
export const OPEN_CALLER: Caller = { id: 'open', role: 'open', scope: [], rate: undefined }
export const ADMIN_CALLER: Caller = { id: 'admin', role: 'admin', scope: [], rate: undefined }
