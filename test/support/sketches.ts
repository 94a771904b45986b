import { createHash } from 'node:crypto'

/** Where a key counts in a sketch: the top 14 bits of its hash, and the place of the first 1 in the other 50, from 1. */
export interface Register {
  readonly register: number
  readonly rank: number
}

/** In the first sketch by the first half of md5, and in the second, whose registers stand behind those of the first. */
export function registersOf(key: string): readonly [Register, Register] {
  const digest = createHash('md5').update(key).digest()
  const [first, second] = [digest.readBigUInt64BE(0), digest.readBigUInt64BE(8)].map(registerOf) as [Register, Register]
  return [first, { register: 2 ** 14 + second.register, rank: second.rank }]
}

function registerOf(hash: bigint): Register {
  const rest = BigInt.asUintN(50, hash)
  return { register: Number(hash >> 50n), rank: rest === 0n ? 51 : 51 - rest.toString(2).length }
}

/** Registers as they travel: by blocks of 64, each with its rank in 4 hexadecimal digits. */
export function blocksOf(registers: readonly Register[]): [block: string, registers: string][] {
  const blocks = Map.groupBy(registers, ({ register }) => register >> 6)
  const digits = ({ register, rank }: Register) => ((register & 63) * 64 + rank).toString(16).padStart(4, '0')
  return [...blocks].map(([block, of]) => [String(block), of.map(digits).join('')])
}

/**
 * The bucket of a double: the top 18 bits of its size (sign bit, exponent, 6 bits of the fraction: 64 buckets an
 * octave), with the sign of the double. Cutting bits gives the same bucket in every engine, where a logarithm differs
 * in its last bit. Below 2^-1028 everything is in bucket 0.
 */
export function bucketOf(value: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Math.abs(value))
  const bucket = view.getUint32(0) >>> 14
  return value < 0 ? 0 - bucket : bucket
}

/** Integers by 64: where a word of 64 neighbours stands, and which of them are there, in hexadecimal. */
export function wordsOf(ids: readonly bigint[]): [index: string, bits: string][] {
  const words = new Map<bigint, bigint>()
  // An index is rounded down, also below 0.
  for (const id of ids) words.set(id >> 6n, (words.get(id >> 6n) ?? 0n) | (1n << BigInt.asUintN(6, id)))
  return [...words].map(([index, bits]) => [String(index), bits.toString(16)])
}
