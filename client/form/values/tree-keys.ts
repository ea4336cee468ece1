import type { KeyboardEvent } from 'react';
import type { ValueNode } from './value-tree.ts';

interface Tree {
  readonly shown: readonly ValueNode[];
  readonly current: ValueNode | undefined;
  readonly isOpen: boolean;
  readonly toggle: (node: ValueNode) => void;
  readonly insert: (node: ValueNode) => void;
  readonly focus: (node: ValueNode) => void;
}

/** The keys of a tree: arrows move, open, and close; Enter inserts. */
export function treeKeys({ shown, current, isOpen, toggle, insert, focus }: Tree): (event: KeyboardEvent<HTMLElement>) => void {
  const index = current ? shown.indexOf(current) : 0;
  const goTo = (place: number) => {
    const next = shown[Math.max(0, Math.min(shown.length - 1, place))];
    if (next) focus(next);
  };
  const parent = () => shown.findLastIndex((node, before) => before < index && node.level < (current?.level ?? 0));
  const actions = new Map<string, () => void>([
    ['ArrowDown', () => goTo(index + 1)],
    ['ArrowUp', () => goTo(index - 1)],
    ['Home', () => goTo(0)],
    ['End', () => goTo(shown.length - 1)],
    ['ArrowRight', () => (current?.hasParts && !isOpen ? toggle(current) : goTo(index + 1))],
    ['ArrowLeft', () => (current && isOpen ? toggle(current) : goTo(parent()))],
    ['Enter', () => current && insert(current)],
  ]);
  return (event) => {
    const act = actions.get(event.key);
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
}
