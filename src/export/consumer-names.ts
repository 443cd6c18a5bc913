export const CONSUMER_NAMES = ['skopeo', 'kubernetes', 'code-engine', 'cloud-foundry', 'auth-file'] as const;
export type ConsumerName = (typeof CONSUMER_NAMES)[number];
