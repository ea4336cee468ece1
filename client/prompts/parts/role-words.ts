export const ROLE_WORDS = { system: 'System', user: 'User', assistant: 'Assistant' } as const;
