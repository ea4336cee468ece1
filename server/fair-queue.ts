/**
 * A queue in which groups take turns, and within a group its members. Items of one member keep their order. All operations take constant
 * time.
 */
export function createFairQueue<T>() {
  /** Groups and members in the order of their turns. */
  const groups = new Map<string, Map<string, Set<{ readonly item: T }>>>();
  let size = 0;
  const first = () => {
    for (const [group, members] of groups) for (const [member, items] of members) for (const entry of items) return { group, members, member, items, entry };
    return undefined;
  };
  /** Removes an entry, and what became empty. */
  const take = (group: string, member: string, entry: { readonly item: T }): boolean => {
    const members = groups.get(group);
    const items = members?.get(member);
    if (!members || !items?.delete(entry)) return false;
    if (items.size === 0) members.delete(member);
    if (members.size === 0) groups.delete(group);
    size--;
    return true;
  };
  return {
    get size() {
      return size;
    },
    /** Returns a function that removes the item and returns whether it was still there. */
    push(group: string, member: string, item: T): () => boolean {
      const members = groups.get(group) ?? new Map<string, Set<{ readonly item: T }>>();
      const items = members.get(member) ?? new Set<{ readonly item: T }>();
      const entry = { item };
      groups.set(group, members.set(member, items.add(entry)));
      size++;
      return () => take(group, member, entry);
    },
    /** The item whose turn it is. */
    peek: (): T | undefined => first()?.entry.item,
    /** Removes the item whose turn it is. Its member and group then wait for their next turn. */
    shift(): void {
      const turn = first();
      if (!turn) return;
      const { group, members, member, items, entry } = turn;
      take(group, member, entry);
      if (items.size > 0) {
        members.delete(member);
        members.set(member, items);
      }
      if (members.size > 0) {
        groups.delete(group);
        groups.set(group, members);
      }
    },
  };
}
