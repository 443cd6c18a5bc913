import type { Entry } from '../../src/commands/man-page.ts';

export const SUMMARY = 'Docker credential helper for IBM Cloud Container Registry';

export const DESCRIPTION: readonly string[] = [
  'Docker, podman, skopeo, buildah and other clients start it and speak with it through standard input and output (docker credential helper protocol). It keeps an IBM Cloud API key or session in the keychain of the operating system, and answers with a token that lives for an hour.',
  'The commands are for people, the verbs under PROTOCOL for programs.',
];

/** docs/settings.md has the same; a test holds them together. */
export const ENVIRONMENT: readonly Entry[] = [
  ['ICR_API_KEY, ICR_API_KEY_FILE', 'An API key, or a file with one, before everything else'],
  ['ICR_PROFILE', 'The profile that serves, before everything that is stored'],
  ['ICR_CREDENTIAL_KIND', 'iambearer, iamapikey or iamrefresh, before the settings'],
  ['ICR_STORE_KEY_FILE', "The file store's key: a file with at least 32 random bytes"],
  ['ICR_STORE_PASSPHRASE', "The file store's passphrase"],
  ['IBMCLOUD_API_KEY, IC_API_KEY, BM_API_KEY, BLUEMIX_API_KEY', 'An API key, after what is stored'],
  [
    'IBMCLOUD_CR_TOKEN, IBMCLOUD_CR_PROFILE',
    "A container's token, or @ and a file with it, and the trusted profile to become; after the keys",
  ],
  ['IBMCLOUD_CR_VPC_URL', 'The metadata service of this virtual server in VPC, if it is to be asked'],
  [
    'IBMCLOUD_IAM_API_ENDPOINT',
    "IAM for keys from the environment; stored keys and key files follow it only to IBM's own hosts",
  ],
  ['IBMCLOUD_CONFIG_HOME', "The folder of the ibmcloud CLI's session"],
  ['IBMCLOUD_HOME, BLUEMIX_HOME', 'The home that has this folder, as .ibmcloud or .bluemix'],
  ['HTTPS_PROXY, NO_PROXY', 'The proxy'],
  ['SSL_CERT_FILE, NODE_EXTRA_CA_CERTS', "Certificates to trust beside the system's"],
  [
    'XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME, XDG_CACHE_HOME, XDG_RUNTIME_DIR',
    'Where the files below lie on Linux, if not in the home folder',
  ],
];

export const FILES: readonly Entry[] = [
  [
    '~/.config/docker-credential-icr/settings.json',
    'Settings: written by people, and by docker-credential-icr config',
  ],
  [
    '~/.local/share/docker-credential-icr/',
    'What is stored, without secrets; sealed secrets without a keychain',
  ],
  ['~/.local/state/docker-credential-icr/', 'The keys of sealed files, where there is no better place'],
  [
    '$XDG_RUNTIME_DIR/docker-credential-icr/',
    'The sealed token cache; ~/.cache/docker-credential-icr/ where there is no such folder',
  ],
  ['~/.ibmcloud/config.json, ~/.bluemix/config.json', "The ibmcloud CLI's session: read only"],
  ['~/.docker/config.json', 'Tells docker and others to ask this program (credHelpers, credsStore)'],
];

export const SEE_ALSO: readonly string[] = ['docker-login(1)', 'podman-login(1)', 'skopeo-login(1)'];
