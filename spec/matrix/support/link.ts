/** Defines the control and data connections of a run. */
export const links = ['plain', 'TLS 1.2', 'TLS 1.3'] as const;
export type Link = (typeof links)[number];
