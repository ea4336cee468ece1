/** Does work one after the other where it has the same key, and in parallel otherwise. Work that fails doesn’t hold up the next. */
export function createTurns(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const underWay = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const before = underWay.get(key) ?? Promise.resolve();
    const mine = before.catch(() => {}).then(work);
    underWay.set(key, mine);
    try {
      return await mine;
    } finally {
      if (underWay.get(key) === mine) underWay.delete(key);
    }
  };
}
