const SLAB_BYTES = 96 * 1024
/** A body that is larger is worth memory of its own. */
const MOST_SHARED = SLAB_BYTES / 4

let slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
let used = 0

/**
 * Two parts as one body. Bodies share slabs: memory of its own for each costs more than copying into it. A slab is
 * never written twice, for what was given out may still be on its way.
 */
export function join(first: Buffer, last: string): Buffer {
  const length = first.length + Buffer.byteLength(last)
  const body = length > MOST_SHARED ? Buffer.allocUnsafeSlow(length) : take(length)
  first.copy(body)
  body.write(last, first.length)
  return body
}

function take(length: number): Buffer {
  if (used + length > SLAB_BYTES) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
    used = 0
  }
  used += length
  return slab.subarray(used - length, used)
}
