import { lazy, Suspense } from 'react';
import styles from './markdown.module.css';

const MarkdownBody = lazy(() => import('./markdown-body.tsx').then((module) => ({ default: module.MarkdownBody })));

/** Markdown with headings, lists, tables, and code. HTML in it is shown as text, never rendered. The parser is loaded on first use. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className={styles.markdown}>
      <Suspense fallback={<p className={styles.plain}>{text}</p>}>
        <MarkdownBody text={text} />
      </Suspense>
    </div>
  );
}
