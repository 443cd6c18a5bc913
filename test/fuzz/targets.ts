import type { TargetMaker } from './target.ts';
import { accessToken } from './targets/access-token.ts';
import { apiKey } from './targets/api-key.ts';
import { busMessage } from './targets/bus-message.ts';
import { cliConfig } from './targets/cli-config.ts';
import { clientFile } from './targets/client-file.ts';
import { credentials } from './targets/credentials.ts';
import { discovery } from './targets/discovery.ts';
import { iamReply } from './targets/iam-reply.ts';
import { instanceMetadata } from './targets/instance-metadata.ts';
import { issuer } from './targets/issuer.ts';
import { jsonText } from './targets/json-text.ts';
import { kubeletRequest } from './targets/kubelet-request.ts';
import { credentialRecord } from './targets/record.ts';
import { registryHost } from './targets/registry-host.ts';
import { registrySession } from './targets/registry-session.ts';
import { retryAfter } from './targets/retry-after.ts';
import { sealedEntry } from './targets/sealed-entry.ts';
import { serverUrl } from './targets/server-url.ts';
import { settings } from './targets/settings.ts';
import { tokens } from './targets/tokens.ts';
import { trustedProfile } from './targets/trusted-profile.ts';

/** Everything that reads what others wrote. A new parser: a file in targets/, and a line here. */
export const TARGETS: Record<string, TargetMaker> = {
  'server-url': serverUrl,
  credentials: credentials,
  'registry-host': registryHost,
  issuer: issuer,
  settings: settings,
  'client-file': clientFile,
  'json-text': jsonText,
  record: credentialRecord,
  'sealed-entry': sealedEntry,
  tokens: tokens,
  'iam-reply': iamReply,
  'retry-after': retryAfter,
  'registry-session': registrySession,
  'access-token': accessToken,
  'api-key': apiKey,
  'trusted-profile': trustedProfile,
  'instance-metadata': instanceMetadata,
  'cli-config': cliConfig,
  discovery: discovery,
  'kubelet-request': kubeletRequest,
  'bus-message': busMessage,
};
