/**
 * Leaves joined as they came. A join costs the same whatever the two hold, changes neither, and leaves the work to the
 * one walk at the finish: merging n states of one leaf each is not quadratic.
 */
export type Rope<Leaf> = null | Leaf | Join<Leaf>

interface Join<Leaf> {
  readonly left: Rope<Leaf>
  readonly right: Rope<Leaf>
}

/** Both; null is the identity. A leaf must not have a field `left` of its own. */
export function join<Leaf>(left: Rope<Leaf>, right: Rope<Leaf>): Rope<Leaf> {
  return { left, right }
}

/** All leaves, in no order that means anything. Without recursion: a rope is as deep as it has leaves. */
export function leavesOf<Leaf>(rope: Rope<Leaf>): Leaf[] {
  const leaves: Leaf[] = []
  const rest: Rope<Leaf>[] = [rope]
  while (rest.length > 0) {
    const next = rest.pop() ?? null
    if (isJoin(next)) rest.push(next.left, next.right)
    else if (next !== null) leaves.push(next)
  }
  return leaves
}

function isJoin<Leaf>(rope: Rope<Leaf>): rope is Join<Leaf> {
  return typeof rope === 'object' && rope !== null && 'left' in rope
}
