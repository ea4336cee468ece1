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
  /** The control that draws a field. Passed in, since controls that hold fields draw forms themselves. */
  controlFor(field: FieldModel): Control;
}

/** What a control gets. `value` is what is written in the params: absent or of another type while a node is half configured. */
export interface ControlProps {
  readonly field: FieldModel;
  readonly path: FieldPath;
  readonly value: unknown;
  readonly set: (value: unknown) => void;
  /** For the element that takes the typing. */
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

/** The value at a path of the form, and how to change it. */
export function useFormValue(path: FieldPath): readonly [unknown, (value: unknown) => void] {
  const form = useForm();
  return [getAt(form.params, path), (value) => form.change(path, value)];
}

/** The form with `shown` written out at a path. While the params have nothing there, a change inside it writes all of `shown`, changed. */
export function withShownAt(form: FormContext, path: FieldPath, shown: unknown): FormContext {
  const params = setAt(form.params, path, shown);
  const isWritten = getAt(form.params, path) !== undefined;
  return {
    ...form,
    params,
    change: (at, value) => (isWritten ? form.change(at, value) : form.change(path, getAt(setAt(params, at, value), path))),
  };
}
