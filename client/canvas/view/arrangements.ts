import {
  type Icon,
  IconLayoutAlignBottom,
  IconLayoutAlignCenter,
  IconLayoutAlignLeft,
  IconLayoutAlignMiddle,
  IconLayoutAlignRight,
  IconLayoutAlignTop,
  IconLayoutDistributeHorizontal,
  IconLayoutDistributeVertical,
} from '@tabler/icons-react';
import type { Arrangement } from '../../graph-editing/operations/arrange.ts';

/** Every way to arrange selected nodes, as menus list it. */
export const ARRANGEMENTS: readonly { readonly how: Arrangement; readonly label: string; readonly icon: Icon }[] = [
  { how: 'left', label: 'Align left', icon: IconLayoutAlignLeft },
  { how: 'center', label: 'Align centers', icon: IconLayoutAlignCenter },
  { how: 'right', label: 'Align right', icon: IconLayoutAlignRight },
  { how: 'top', label: 'Align top', icon: IconLayoutAlignTop },
  { how: 'middle', label: 'Align middles', icon: IconLayoutAlignMiddle },
  { how: 'bottom', label: 'Align bottom', icon: IconLayoutAlignBottom },
  { how: 'across', label: 'Distribute horizontally', icon: IconLayoutDistributeHorizontal },
  { how: 'down', label: 'Distribute vertically', icon: IconLayoutDistributeVertical },
];
