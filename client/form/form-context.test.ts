import { expect, it } from 'vitest';
import { setAt } from '../expressions/field-path.ts';
import { type FormContext, withShownAt } from './form-context.tsx';

/** A form whose changes are collected in `params`. */
function formOn(params: unknown) {
  const form = {
    nodeId: 'n1',
    params,
    problems: [],
    readOnly: false,
    controlFor: () => () => null,
    change: (path: readonly (string | number)[], value: unknown) => {
      form.params = setAt(form.params, path, value);
    },
  };
  return form satisfies FormContext;
}
const defaults = [{ id: 'approve' }, { id: 'reject' }];

it('a change to one default writes all defaults', () => {
  const form = formOn({ title: 'Check' });
  const shown = withShownAt(form, ['decisions'], defaults);
  expect(shown.params).toEqual({ title: 'Check', decisions: defaults });
  shown.change(['decisions', 1, 'id'], 'decline');
  expect(form.params).toEqual({ title: 'Check', decisions: [{ id: 'approve' }, { id: 'decline' }] });
});

it('a change to a stored list writes only what changed', () => {
  const form = formOn({ decisions: [{ id: 'approve' }] });
  withShownAt(form, ['decisions'], [{ id: 'approve', requireFields: true }]).change(['decisions', 0, 'title'], 'OK');
  expect(form.params).toEqual({ decisions: [{ id: 'approve', title: 'OK' }] });
});
