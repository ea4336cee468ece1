import { Button, Drawer } from '@mantine/core';
import type { Template } from '@switchyard/shared/contracts/templates.ts';
import { MiniGraph } from '../node-look/mini-graph.tsx';
import { Markdown } from '../ui/markdown.tsx';
import { TemplateFacts } from './template-card.tsx';
import styles from './template-drawer.module.css';

interface TemplateDrawerProps {
  readonly template: Template;
  readonly busy: boolean;
  readonly onUse: () => void;
  readonly onClose: () => void;
}

/** A template in detail: a larger graph, and its README. */
export function TemplateDrawer({ template, busy, onUse, onClose }: TemplateDrawerProps) {
  return (
    <Drawer opened onClose={onClose} size={680} title={template.name} classNames={{ body: styles.body ?? '', content: styles.content ?? '' }}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be reachable by keyboard */}
      <section className={styles.scroll} aria-label="What it does" tabIndex={0}>
        <div className={styles.picture}>
          <MiniGraph graph={template.graph} label={`Preview of ${template.name}`} width={600} height={280} />
        </div>
        <p className={styles.text}>{template.description}</p>
        <TemplateFacts template={template} />
        {template.readme !== '' && (
          <div className={styles.readme}>
            <Markdown text={withoutTitle(template.readme)} />
          </div>
        )}
      </section>
      <div className={styles.foot}>
        <span>{opensAs(template)}</span>
        <Button variant="filled" loading={busy} onClick={onUse} data-autofocus>
          Use template
        </Button>
      </div>
    </Drawer>
  );
}

/** What **Use template** creates: “Opens as your own copy, with 4 prompts, a data policy, and a budget.” */
function opensAs({ prompts = [], policies, budgets = [], triggers = [], tables = [] }: Template): string {
  const several = (count: number, what: string, plural = `${what}s`): string[] => (count === 0 ? [] : [count === 1 ? `a ${what}` : `${count} ${plural}`]);
  const parts = [
    ...several(prompts.length, 'prompt'),
    ...(policies ? ['a data policy'] : []),
    ...several(budgets.length, 'budget'),
    ...several(triggers.length, 'trigger that is off', 'triggers that are off'),
    ...several(tables.length, 'table'),
  ];
  return parts.length === 0 ? 'Opens as your own copy.' : `Opens as your own copy, with ${new Intl.ListFormat('en').format(parts)}.`;
}

/** The drawer’s title already has the name. */
const withoutTitle = (readme: string): string => readme.replace(/^\s*# .*\n+/, '');
