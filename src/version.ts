export const NAME = 'docker-credential-icr';
/** Under this name, a link or a copy, the program answers a kubelet. */
export const PROVIDER_NAME = 'icr-credential-provider';
/** The same as in package.json; a test holds them together. */
export const VERSION = '0.1.0';
