import { z } from 'zod';
import classes from '../form.module.css';
import { Form } from '../form.tsx';
import type { ControlProps } from '../form-context.tsx';

/** Fields that belong together: the form of an object within the form. */
export function GroupControl({ field, path, labelId }: ControlProps) {
  if (!(field.schema instanceof z.ZodObject)) return null;
  return (
    <fieldset className={classes.group} aria-labelledby={labelId}>
      <Form schema={field.schema} path={path} />
    </fieldset>
  );
}
