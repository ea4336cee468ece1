import { ActionIcon, Button, UnstyledButton } from '@mantine/core';
import type { FieldPath } from '@switchyard/shared/graph/node-kind.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { IconArrowDown, IconArrowUp, IconChevronRight, IconPlus, IconTrash } from '@tabler/icons-react';
import { type ComponentType, type ReactNode, useEffect, useRef, useState } from 'react';
import { z } from 'zod';
import classes from '../form.module.css';
import { Form } from '../form.tsx';
import { type ControlProps, FormProvider, useForm, withShownAt } from '../form-context.tsx';
import { isInternal } from '../form-model.ts';
import { problemsWithin } from '../problem-match.ts';
import { blankOf } from './blank.ts';
import { asList, moved } from './list-items.ts';

interface ListParts {
  /** Renders an open item. Defaults to the form of its schema. */
  readonly Body?: ComponentType<{ path: FieldPath; element: z.ZodObject }>;
  /** Secondary text for a closed item. */
  readonly detail?: (item: unknown) => string;
  /** Items start open if there are at most this many. */
  readonly openUpTo?: number;
  /** The noun for one item. */
  readonly one?: string;
  /** Adds implied values to stored items. */
  readonly fill?: (items: readonly unknown[]) => readonly unknown[];
}

const asStored = (items: readonly unknown[]): readonly unknown[] => items;

/** A list of items with several fields each, which can be opened, added, removed, and moved. Defaults are rows like any other. */
export function ListControl({ Body = ItemForm, detail, openUpTo = 0, one, fill = asStored, ...props }: ControlProps & ListParts) {
  const form = useForm();
  const { problems } = form;
  const items = fill(asList(props.value ?? props.field.fallback));
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set(items.length <= openUpTo ? items.keys() : []));
  const [fresh, setFresh] = useState<number>();
  const addButton = useRef<HTMLButtonElement>(null);
  const element = elementOf(props.field.schema);
  if (!element) return null;
  const toggle = (index: number) => setOpen(new Set(open.has(index) ? [...open].filter((one) => one !== index) : [...open, index]));
  const move = (from: number, to: number) => {
    props.set(moved(items, from, to));
    setOpen(new Set([...open].map((index) => (index === from ? to : index === to ? from : index))));
  };
  const remove = (index: number) => {
    props.set(items.filter((_, other) => other !== index));
    setOpen(new Set([...open].filter((other) => other !== index).map((other) => (other > index ? other - 1 : other))));
    addButton.current?.focus();
  };
  const add = () => {
    props.set([...items, blankOf(element)]);
    setOpen(new Set([...open, items.length]));
    setFresh(items.length);
  };
  return (
    <fieldset aria-labelledby={props.labelId} className={classes.list}>
      {items.map((item, index) => {
        const wrong = problemsWithin(problems, [...props.path, index]).length > 0;
        return (
          <Item
            // biome-ignore lint/suspicious/noArrayIndexKey: items have no identity of their own, and their state is kept by position
            key={index}
            index={index}
            name={nameOf(item, element) || `Unnamed (${index + 1})`}
            detail={detail ? detail(item) : detailOf(item, element)}
            body={
              <FormProvider value={withShownAt(form, props.path, items)}>
                <Body path={[...props.path, index]} element={element} />
              </FormProvider>
            }
            last={index === items.length - 1}
            open={open.has(index) || wrong}
            fresh={fresh === index}
            readOnly={props.readOnly}
            actions={{ toggle, move, remove }}
          />
        );
      })}
      {!props.readOnly && (
        <Button ref={addButton} variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
          Add {one ?? ITEM_NAMES[props.field.control] ?? 'item'}
        </Button>
      )}
    </fieldset>
  );
}

const ItemForm = ({ path, element }: { path: FieldPath; element: z.ZodObject }) => <Form schema={element} path={path} />;

interface ItemProps {
  readonly name: string;
  readonly detail: string;
  readonly index: number;
  readonly body: ReactNode;
  readonly last: boolean;
  readonly open: boolean;
  /** Just added, so its first field gets the focus. */
  readonly fresh: boolean;
  readonly readOnly: boolean;
  readonly actions: { toggle(index: number): void; move(from: number, to: number): void; remove(index: number): void };
}

function Item({ name, detail, index, body, last, open, fresh, readOnly, actions }: ItemProps) {
  const fields = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (fresh) fields.current?.querySelector<HTMLElement>('input, textarea, [contenteditable="true"]')?.focus();
  }, [fresh]);
  return (
    <div className={classes.item}>
      <div className={classes.itemHead}>
        <UnstyledButton className={classes.itemTitle} aria-expanded={open} onClick={() => actions.toggle(index)}>
          <IconChevronRight size={14} className={classes.chevron} data-open={open || undefined} aria-hidden />
          <span className={classes.itemName}>{name}</span>
          {!open && <span className={classes.itemDetail}>{detail}</span>}
        </UnstyledButton>
        {!readOnly && (
          <span className={classes.itemActions}>
            <ActionIcon size={24} aria-label={`Move ${name} up`} disabled={index === 0} onClick={() => actions.move(index, index - 1)}>
              <IconArrowUp size={14} />
            </ActionIcon>
            <ActionIcon size={24} aria-label={`Move ${name} down`} disabled={last} onClick={() => actions.move(index, index + 1)}>
              <IconArrowDown size={14} />
            </ActionIcon>
            <ActionIcon size={24} aria-label={`Remove ${name}`} onClick={() => actions.remove(index)}>
              <IconTrash size={14} />
            </ActionIcon>
          </span>
        )}
      </div>
      {open && (
        <div ref={fields} className={classes.itemBody}>
          {body}
        </div>
      )}
    </div>
  );
}

const elementOf = (schema: z.ZodType): z.ZodObject | undefined =>
  schema instanceof z.ZodArray && schema.element instanceof z.ZodObject ? (schema.element as z.ZodObject) : undefined;

/** The texts of an item, in the order of its displayed fields. */
const textsOf = (item: unknown, element: z.ZodObject): string[] =>
  Object.entries(element.shape).flatMap(([name, shape]) => {
    const value = isPlainObject(item) && Object.hasOwn(item, name) ? item[name] : undefined;
    return typeof value === 'string' && !isInternal(name, shape as z.ZodType) ? [value] : [];
  });
const nameOf = (item: unknown, element: z.ZodObject): string => textsOf(item, element)[0] ?? '';
const detailOf = (item: unknown, element: z.ZodObject): string => textsOf(item, element)[1] ?? '';

const ITEM_NAMES: Readonly<Record<string, string>> = { labels: 'label', decisions: 'decision', 'review-fields': 'field' };
