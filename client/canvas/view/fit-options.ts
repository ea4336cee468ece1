/** How all nodes are brought into view: never larger than they are, and clear of the tools at the bottom, with ways back. */
export const FIT_ALL = { maxZoom: 1, padding: { top: '36px', right: '20px', bottom: '104px', left: '20px' } } as const;
