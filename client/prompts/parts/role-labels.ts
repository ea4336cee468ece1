export const ROLE_LABELS = { system: 'System', user: 'User', assistant: 'Assistant' } as const;
