/** Edit distance with transpositions (optimal string alignment; Damerau 1964), case-insensitive. */
function distance(a: string, b: string): number {
  const s = a.toLowerCase()
  const t = b.toLowerCase()
  let beforeLast: number[] = []
  let last = Array.from({ length: t.length + 1 }, (_, j) => j)
  for (let i = 1; i <= s.length; i++) {
    const row = [i]
    for (let j = 1; j <= t.length; j++) {
      const cost = s[i - 1] === t[j - 1] ? 0 : 1
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost)
      if (i > 1 && j > 1 && s[i - 1] === t[j - 2] && s[i - 2] === t[j - 1]) {
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1)
      }
      row.push(best)
    }
    beforeLast = last
    last = row
  }
  return last[t.length] ?? 0
}

/** The names nearest to what was written, best first, at most three; none when nothing is near. */
export function nearest(written: string, names: Iterable<string>): string[] {
  const word = written.slice(0, 64)
  const limit = Math.max(1, Math.floor(word.length * 0.4))
  const near: { name: string; far: number }[] = []
  for (const name of names) {
    if (Math.abs(name.length - word.length) > limit && !name.includes(word) && !word.includes(name)) continue
    const contained = word.length >= 3 && (name.includes(word) || word.includes(name))
    const far = contained ? Math.min(limit, distance(word, name)) : distance(word, name)
    if (far <= limit) near.push({ name, far })
  }
  near.sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
  return near.slice(0, 3).map((entry) => entry.name)
}

/** ` Did you mean "a" or "b"?`, or nothing. */
export function didYouMean(suggestions: readonly string[]): string {
  if (suggestions.length === 0) return ''
  return ` Did you mean ${suggestions.map((name) => `"${name}"`).join(' or ')}?`
}
