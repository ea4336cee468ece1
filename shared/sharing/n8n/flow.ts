import { AppError } from '../../errors.ts';
import type { N8nFile, N8nNode } from './file.ts';

/* How the nodes of a file are connected: sub-nodes of models, loops, and the parts that run once per item. */

const MOST_LINKS = 10_000;

export interface Link {
  readonly from: string;
  readonly to: string;
  readonly output: number;
  readonly input: number;
  /** It closes a loop. */
  readonly isBack?: boolean;
}

export interface Flow {
  readonly nodes: ReadonlyMap<string, N8nNode>;
  /** Connections of kind `main` between existing nodes, each once. */
  readonly links: readonly Link[];
  /** Nodes that a model node uses, by the node they belong to: models, parsers, memories, tools. */
  readonly helpers: ReadonlyMap<string, readonly { readonly kind: string; readonly node: N8nNode }[]>;
}

export function flowOf({ nodes: all, connections }: N8nFile): Flow {
  const nodes = new Map(all.map((node) => [node.name, node]));
  const helpers = new Map<string, { kind: string; node: N8nNode }[]>();
  const links = new Map<string, Link>();
  for (const [from, kinds] of Object.entries(connections)) {
    const source = nodes.get(from);
    if (!source) continue;
    for (const [kind, outputs] of Object.entries(kinds)) {
      for (const [output, targets] of outputs.entries()) {
        for (const { node: to, index } of targets ?? []) {
          if (!nodes.has(to)) continue;
          if (kind === 'main') links.set(JSON.stringify([from, output, to, index]), { from, to, output, input: index });
          else if (helpers.get(to)?.push({ kind, node: source }) === undefined) helpers.set(to, [{ kind, node: source }]);
        }
      }
    }
  }
  if (links.size > MOST_LINKS) throw new AppError('bad-request', `The n8n file has more than ${MOST_LINKS} connections. Nothing was imported.`);
  return { nodes, links: [...links.values()], helpers };
}

/** Links by the node at one end of them. */
export function linksBy(links: readonly Link[], end: 'from' | 'to'): ReadonlyMap<string, readonly Link[]> {
  const found = new Map<string, Link[]>();
  for (const link of links) {
    const known = found.get(link[end]);
    if (known) known.push(link);
    else found.set(link[end], [link]);
  }
  return found;
}

/** Marks the links that close a loop, as a search from the start finds them. */
export function withLoops(names: readonly string[], links: readonly Link[]): Link[] {
  const outgoing = linksBy(links, 'from');
  const state = new Map<string, 'open' | 'done'>();
  const back = new Set<Link>();
  for (const start of names) {
    if (state.has(start)) continue;
    const stack = [{ name: start, next: 0 }];
    state.set(start, 'open');
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const link = outgoing.get(top.name)?.[top.next++];
      if (!link) {
        state.set(top.name, 'done');
        stack.pop();
      } else if (state.get(link.to) === 'open') back.add(link);
      else if (!state.has(link.to)) {
        state.set(link.to, 'open');
        stack.push({ name: link.to, next: 0 });
      }
    }
  }
  return links.map((link) => (back.has(link) ? { ...link, isBack: true } : link));
}

/** Names in an order in which each comes after those that lead to it. */
export function ordered(names: readonly string[], links: readonly Link[]): string[] {
  const forward = links.filter(({ isBack }) => !isBack);
  const outgoing = linksBy(forward, 'from');
  const open = new Map(names.map((name) => [name, 0]));
  for (const { to } of forward) open.set(to, (open.get(to) ?? 0) + 1);
  const order = names.filter((name) => open.get(name) === 0);
  for (let at = 0; at < order.length; at++) {
    for (const { to } of outgoing.get(order[at] ?? '') ?? []) {
      const left = (open.get(to) ?? 0) - 1;
      open.set(to, left);
      if (left === 0) order.push(to);
    }
  }
  return order;
}

/** Everything that can be reached from some nodes, through nodes that aren’t stopped at. */
export function reachable(from: readonly string[], outgoing: ReadonlyMap<string, readonly Link[]>, stops: ReadonlySet<string>): Set<string> {
  const seen = new Set<string>();
  const open = from.filter((name) => !stops.has(name));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const { to } of outgoing.get(name) ?? []) if (!seen.has(to) && !stops.has(to)) open.push(to);
  }
  return seen;
}
