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
        <span>Opens as your own copy.</span>
        <Button variant="filled" loading={busy} onClick={onUse} data-autofocus>
          Use template
        </Button>
      </div>
    </Drawer>
  );
}

/** The drawer’s title already has the name. */
const withoutTitle = (readme: string): string => readme.replace(/^\s*# .*\n+/, '');
