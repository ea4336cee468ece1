import type { Category } from '@switchyard/nodes/sdk/define-node.ts';
import { useMemo } from 'react';
import { useNodeTypes } from '../api/queries.ts';
import type { NodeLook } from './node-icon.tsx';

export type LookOf = (nodeType: string) => NodeLook & { readonly title: string };

const CATEGORIES: readonly string[] = ['flow', 'ai', 'data', 'tools', 'people'] satisfies Category[];
const isCategory = (name: string): name is Category => CATEGORIES.includes(name);

/** Looks of node types as the server names them, so that pages outside the editor need not load the nodes themselves. */
export function useLooks(): LookOf {
  const { data } = useNodeTypes();
  return useMemo(() => {
    const looks = new Map(
      (data ?? []).map(({ type, icon, category, title }) => [type, { icon, title, category: isCategory(category) ? category : 'flow' }] as const),
    );
    return (type) => looks.get(type) ?? { icon: '', category: 'flow', title: type };
  }, [data]);
}
