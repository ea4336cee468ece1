/** How all nodes are brought into view: never larger than they are, and clear of the tools and the overview at the bottom. */
export const FIT_ALL = { maxZoom: 1, padding: { top: '36px', right: '40px', bottom: '108px', left: '40px' } } as const;
