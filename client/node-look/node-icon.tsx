import type { Category } from '@switchyard/nodes/sdk/define-node.ts';
import type { IconName } from '@switchyard/nodes/sdk/icons.ts';
import {
  type Icon,
  IconApi,
  IconArrowMerge,
  IconArtboard,
  IconBox,
  IconCategory2,
  IconCode,
  IconDatabase,
  IconEyeOff,
  IconFilePlus,
  IconFileSearch,
  IconFilter,
  IconGitBranch,
  IconHourglass,
  IconLogin2,
  IconMessage2,
  IconNote,
  IconPuzzle,
  IconRepeat,
  IconSend2,
  IconShieldCheck,
  IconSitemap,
  IconTransform,
  IconUserCheck,
  IconWebhook,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import { useNodeTypes } from '../api/queries.ts';
import { classes } from '../ui/class-names.ts';
import styles from './node-icon.module.css';

/** The icons that node types use, imported one by one. */
const ICONS: Readonly<Record<IconName, Icon>> = {
  IconApi,
  IconArrowMerge,
  IconArtboard,
  IconCategory2,
  IconCode,
  IconDatabase,
  IconEyeOff,
  IconFilePlus,
  IconFileSearch,
  IconFilter,
  IconGitBranch,
  IconHourglass,
  IconLogin2,
  IconMessage2,
  IconNote,
  IconPuzzle,
  IconRepeat,
  IconSend2,
  IconShieldCheck,
  IconSitemap,
  IconTransform,
  IconUserCheck,
  IconWebhook,
};
const icons: ReadonlyMap<string, Icon> = new Map(Object.entries(ICONS));

/** The look of a node type: icon name, and the category that determines the tint. */
export interface NodeLook {
  readonly icon: string;
  readonly category: Category;
}

export type LookOf = (nodeType: string) => NodeLook & { readonly title: string };

const CATEGORIES: readonly string[] = ['flow', 'ai', 'data', 'tools', 'people'] satisfies Category[];
const isCategory = (name: string): name is Category => CATEGORIES.includes(name);

/** Looks of node types from the server, so pages outside the editor need not load the nodes. */
export function useLooks(): LookOf {
  const { data } = useNodeTypes();
  return useMemo(() => {
    const looks = new Map(
      (data ?? []).map(({ type, icon, category, title }) => [type, { icon, title, category: isCategory(category) ? category : 'flow' }] as const),
    );
    return (type) => looks.get(type) ?? { icon: '', category: 'flow', title: type };
  }, [data]);
}

/** The bare icon of a node type, or a box for an unknown one. */
export function NodeGlyph({ icon, size = 16 }: { icon: string; size?: number }) {
  const Glyph = icons.get(icon) ?? IconBox;
  return <Glyph size={size} stroke={1.6} aria-hidden />;
}

const GLYPH_SIZES = { 20: 13, 24: 15, 28: 17 } as const;
type Size = keyof typeof GLYPH_SIZES;

/** A small square in the tint of the node’s category, with its icon. Pass the node’s `type`, or its look if available. */
export function NodeIcon({ size = 24, ...look }: (NodeLook | { readonly type: string }) & { readonly size?: Size }) {
  return 'type' in look ? <TypeIcon type={look.type} size={size} /> : <Square {...look} size={size} />;
}

function TypeIcon({ type, size }: { type: string; size: Size }) {
  const { icon, category } = useLooks()(type);
  return <Square icon={icon} category={category} size={size} />;
}

function Square({ icon, category, size }: NodeLook & { size: Size }) {
  return (
    <span className={classes(styles.square, styles[category], styles[`size${size}`])}>
      <NodeGlyph icon={icon} size={GLYPH_SIZES[size]} />
    </span>
  );
}
