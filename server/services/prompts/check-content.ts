import type { BodyOf } from '@switchyard/shared/contracts/contract.ts';
import type { createPromptVersion } from '@switchyard/shared/contracts/prompts.ts';
import { AppError, type FieldError } from '@switchyard/shared/errors.ts';
import { type Comparisons, createComparisons } from '@switchyard/shared/expression/closest.ts';
import { ExpressionSyntaxError } from '@switchyard/shared/expression/syntax-error.ts';
import { compileTemplate } from '@switchyard/shared/expression/template.ts';
import type { JsonSchema } from '@switchyard/shared/json.ts';
import { schemaIssues } from '@switchyard/shared/json-schema/schema-issues.ts';
import { type DeclaredVariables, declaredVariables, undeclaredMessage } from '@switchyard/shared/model/declared-variables.ts';

export type SentContent = Omit<BodyOf<typeof createPromptVersion>, 'note' | 'reason'>;

/** Undeclared variables named for one message. */
const MOST_NAMES = 20;

/**
 * Checks the templates and schemas of a prompt, and that its messages use only declared variables, or those in `given`. Throws `bad-request`
 * with the path of each mistake.
 */
export function checkPromptContent({ messages, variables, outputSchema, variants = [] }: SentContent, given: readonly string[] = []): void {
  const schemas = [
    ['variables', variables],
    ['outputSchema', outputSchema],
  ] as const;
  const { names, isOpen } = declaredVariables(variables);
  const declared = { names: new Set([...names, ...given]), isOpen };
  const comparisons = createComparisons();
  const mistakes = (path: string, source: string): FieldError[] => templateErrors(path, source, declared, comparisons);
  const fields: FieldError[] = [
    ...(acceptsObjects(variables) ? [] : [{ path: 'variables.type', message: 'must be object: variables have names' }]),
    ...messages.flatMap(({ content }, index) => mistakes(`messages.${index}.content`, content)),
    ...variants.flatMap((variant, at) => variant.messages.flatMap(({ content }, index) => mistakes(`variants.${at}.messages.${index}.content`, content))),
    ...schemas.flatMap(([name, schema]) => (schema ? schemaIssues([name], schema).map(({ path, message }) => ({ path: path.join('.'), message })) : [])),
  ];
  if (fields.length > 0) throw new AppError('bad-request', fields.map(({ path, message }) => `${path}: ${message}`).join('; '), { fields });
}

const acceptsObjects = (schema: JsonSchema | undefined): boolean => schema?.type === undefined || [schema.type].flat().includes('object');

function templateErrors(path: string, source: string, declared: DeclaredVariables, comparisons: Comparisons): FieldError[] {
  try {
    const names = new Set(compileTemplate(source).references.map(({ root }) => root));
    const messages = [...names].flatMap((name) => undeclaredMessage(name, declared, comparisons) ?? []);
    return messages.slice(0, MOST_NAMES).map((message) => ({ path, message }));
  } catch (thrown) {
    if (thrown instanceof ExpressionSyntaxError) return [{ path, message: thrown.message }];
    throw thrown;
  }
}
