/** Numbers that look random and are the same for the same seeds, on every machine. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** A whole number in [0, bound). */
  below(bound: number): number
  chance(probability: number): boolean
  /** Exponentially distributed. */
  exponential(mean: number): number
  /** Log-normally distributed around a median; `spread` is the deviation of the logarithm. */
  logNormal(median: number, spread: number): number
}

/**
 * The generator is sfc32 ("small fast counting", from the PractRand suite), its state filled from the seeds by the
 * finaliser of MurmurHash3. Seeds that differ in one number give streams that have nothing to do with each other.
 */
export function createRandom(...seeds: readonly number[]): Random {
  const next = sfc32(seeds)
  const exponential = (mean: number): number => -Math.log(1 - next()) * mean
  return {
    next,
    below: (bound) => Math.floor(next() * bound),
    chance: (probability) => next() < probability,
    exponential,
    // Box-Muller, with one of its two values.
    logNormal: (median, spread) =>
      median * Math.exp(spread * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())),
  }
}

function sfc32(seeds: readonly number[]): () => number {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 1]
  const next = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 0x1_0000_0000
  }
  for (const seed of seeds) {
    a = mix(a ^ seed)
    b = mix(b ^ a)
    c = mix(c ^ b)
  }
  for (let round = 0; round < 12; round++) next()
  return next
}

function mix(value: number): number {
  let hash = value | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/** Draws indexes in proportion to their weights, in constant time. */
export type Sampler = (random: Random) => number

/** Walker's alias method, built as Vose does. At least one weight must be above 0. */
export function createSampler(weights: readonly number[]): Sampler {
  const count = weights.length
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const scaled = weights.map((weight) => (weight * count) / total)
  const alias = new Int32Array(count)
  const keep = new Float64Array(count).fill(1)
  const small = scaled.flatMap((share, index) => (share < 1 ? [index] : []))
  const large = scaled.flatMap((share, index) => (share < 1 ? [] : [index]))
  for (;;) {
    const under = small.pop()
    const over = large.pop()
    if (under === undefined || over === undefined) break
    const share = scaled[under] ?? 0
    keep[under] = share
    alias[under] = over
    const left = (scaled[over] ?? 0) - (1 - share)
    scaled[over] = left
    if (left < 1) small.push(over)
    else large.push(over)
  }
  return (random) => {
    const index = random.below(count)
    return random.next() < (keep[index] ?? 1) ? index : (alias[index] ?? index)
  }
}
