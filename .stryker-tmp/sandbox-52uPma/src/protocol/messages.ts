/**
 * Sentences that clients compare letter by letter (docker/docker-credential-helpers,
 * credentials/error.go). They go to stdout.
 */
export const CREDENTIALS_NOT_FOUND = 'credentials not found in native keychain';
export const NO_SERVER_URL = 'no credentials server URL';
export const NO_USERNAME = 'no credentials username';
