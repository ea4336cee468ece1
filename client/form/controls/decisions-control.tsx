import { requiresFields } from '@switchyard/nodes/people/decision.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { ControlProps } from '../form-context.tsx';
import { ListControl } from './list-control.tsx';

/** The decisions of a review. The switch of each row shows the default until a value is stored. */
export const DecisionsControl = (props: ControlProps) => <ListControl {...props} fill={withRules} />;

const idOf = (item: unknown): string => (isPlainObject(item) && typeof item.id === 'string' ? item.id : '');

function withRules(items: readonly unknown[]): readonly unknown[] {
  const decisions = items.map((item) => ({ id: idOf(item), title: '' }));
  return items.map((item) => (isPlainObject(item) ? { requireFields: requiresFields({ decisions }, idOf(item)), ...item } : item));
}
