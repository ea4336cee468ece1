/** One cycle for each group of files that import each other: a path that ends where it began. */
export function importCycles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const onPath = new Set<string>();
  const visit = (file: string): void => {
    done.add(file);
    path.push(file);
    onPath.add(file);
    for (const target of imports.get(file) ?? []) {
      if (onPath.has(target)) cycles.push([...path.slice(path.indexOf(target)), target]);
      else if (!done.has(target)) visit(target);
    }
    path.pop();
    onPath.delete(file);
  };
  for (const file of imports.keys()) if (!done.has(file)) visit(file);
  return cycles;
}
