import type { Graph } from '@switchyard/shared/graph/graph.ts';

export interface Reader {
  readonly who: string;
  /** The title of the node that decides it. */
  readonly node?: string;
  readonly kind: 'model' | 'reviewer' | 'http' | 'caller' | 'redact' | 'record';
  readonly seesRealValue: boolean;
}

/** Who sees the real value of a token in a workflow, and who sees the token. Restoring is set per node. */
export function readersOf({ nodes }: Pick<Graph, 'nodes'>): Reader[] {
  const readers = nodes.flatMap(({ type, data: { title, params, disabled } }): Reader[] => {
    if (disabled) return [];
    switch (type) {
      case 'human-review':
        return [{ who: 'Reviewers of', node: title, kind: 'reviewer', seesRealValue: true }];
      case 'tool':
        return [{ who: 'HTTP request', node: title, kind: 'http', seesRealValue: params.restore === true }];
      case 'redact':
        return params.action === 'restore' ? [{ who: 'Steps after', node: title, kind: 'redact', seesRealValue: true }] : [];
      case 'output':
        return params.restore === true ? [{ who: 'Caller, from', node: title, kind: 'caller', seesRealValue: true }] : [];
      default:
        return [];
    }
  });
  const caller: Reader[] = readers.some(({ kind }) => kind === 'caller') ? [] : [{ who: 'Caller', kind: 'caller', seesRealValue: false }];
  return [
    { who: 'Models and prompts', kind: 'model', seesRealValue: false },
    ...readers,
    ...caller,
    { who: 'Search, logs, and records', kind: 'record', seesRealValue: false },
  ];
}
