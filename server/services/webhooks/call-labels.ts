import { LONGEST_LABEL } from '@switchyard/shared/contracts/webhooks.ts';
import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import { createScope } from '@switchyard/shared/expression/create-scope.ts';
import { ExpressionSyntaxError } from '@switchyard/shared/expression/syntax-error.ts';
import { type CompiledTemplate, compileTemplate } from '@switchyard/shared/expression/template.ts';
import type { RunLabels, TriggerData } from '@switchyard/shared/run/events.ts';

/** Computes the labels of a run from the request that starts it. */
export type LabelsOf = (trigger: TriggerData) => RunLabels;

/** Compiles label templates once, for many requests. An invalid one gives no label: settings reject them. */
export function labelsFrom(templates: Readonly<Record<string, string>> = {}): LabelsOf | undefined {
  const compiled = Object.entries(templates).flatMap(([name, source]) => {
    const template = compiledOrNothing(source);
    return template ? [{ name, template }] : [];
  });
  if (compiled.length === 0) return undefined;
  return (trigger) => {
    const scope = createScope({ trigger, input: null, steps: {}, previous: {}, round: 1, vars: {}, run: null });
    const labels = compiled.flatMap(({ name, template }): [string, string][] => {
      const value = labelText(template, scope);
      return value === '' ? [] : [[name, value]];
    });
    return Object.fromEntries(labels);
  };
}

function compiledOrNothing(source: string): CompiledTemplate | undefined {
  try {
    return compileTemplate(source);
  } catch {
    return undefined;
  }
}

/** Empty on failure: a request without a label's header must not be rejected for it. */
function labelText(template: CompiledTemplate, scope: ReturnType<typeof createScope>): string {
  try {
    const value = template.evaluate(scope);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value).trim().slice(0, LONGEST_LABEL) : '';
  } catch (error) {
    if (error instanceof AppError) return '';
    throw error;
  }
}

/** Throws `bad-request` with the path of each template that is invalid or uses anything but `trigger`. */
export function refuseBadLabels(templates: Readonly<Record<string, string>>): void {
  const fields = Object.entries(templates).flatMap(([name, source]) => faultsIn(source).map((message): FieldError => ({ path: `labels.${name}`, message })));
  const first = fields[0];
  if (first) throw new AppError('bad-request', `${first.path}: ${first.message}`, { fields });
}

function faultsIn(source: string): string[] {
  try {
    const other = compileTemplate(source).references.find(({ root }) => root !== 'trigger');
    return other ? [`Labels can only use trigger, not ${other.root}. The request’s body is trigger.body.`] : [];
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return [error.message];
    throw error;
  }
}
