/** Of secrets that nobody names. Not `all-icr-io`, which IBM's clusters have and renew themselves. */
export const DEFAULT_NAME = 'icr-pull-secret';
