import type { FieldPath } from '@switchyard/shared/graph/node-kind.ts';
import type { Problem } from '@switchyard/shared/graph/problem.ts';
import { type ComponentType, createContext, type ReactNode, useContext } from 'react';
import { getAt, setAt } from '../expressions/field-path.ts';
import type { FieldModel } from './form-model.ts';

/** What every field of a form works on: the params of one node, valid or not. */
export interface FormContext {
  readonly nodeId: string;
  readonly params: unknown;
  readonly problems: readonly Problem[];
  readonly readOnly: boolean;
  change(path: FieldPath, value: unknown): void;
  /** The control that renders a field. Passed in, since controls with nested fields render forms themselves. */
  controlFor(field: FieldModel): Control;
}

/** Props of a control. `value` is the stored param: missing or of the wrong type while a node is incomplete. */
export interface ControlProps {
  readonly field: FieldModel;
  readonly path: FieldPath;
  readonly value: unknown;
  readonly set: (value: unknown) => void;
  /** ID for the element that receives input. */
  readonly id: string;
  readonly labelId: string;
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
  readonly readOnly: boolean;
}

export type Control = ComponentType<ControlProps>;

const Context = createContext<FormContext | null>(null);

export function FormProvider({ value, children }: { value: FormContext; children: ReactNode }) {
  return <Context value={value}>{children}</Context>;
}

export function useForm(): FormContext {
  const form = useContext(Context);
  if (!form) throw new Error('A form field was drawn outside of a form');
  return form;
}

/** The value at a path of the form, and a setter. */
export function useFormValue(path: FieldPath): readonly [unknown, (value: unknown) => void] {
  const form = useForm();
  return [getAt(form.params, path), (value) => form.change(path, value)];
}

/** The form with `shown` as the default at a path. The first edit stores the whole default with that edit. */
export function withShownAt(form: FormContext, path: FieldPath, shown: unknown): FormContext {
  const params = setAt(form.params, path, shown);
  const isWritten = getAt(form.params, path) !== undefined;
  return {
    ...form,
    params,
    change: (at, value) => (isWritten ? form.change(at, value) : form.change(path, getAt(setAt(params, at, value), path))),
  };
}
