import { authFile } from './auth-file.ts';
import { cloudFoundry } from './cloud-foundry.ts';
import { codeEngine } from './code-engine.ts';
import type { Consumer } from './consumer.ts';
import type { ConsumerName } from './consumer-names.ts';
import { kubernetes } from './kubernetes.ts';
import { skopeo } from './skopeo.ts';

export const CONSUMERS: Record<ConsumerName, Consumer> = {
  skopeo,
  kubernetes,
  'code-engine': codeEngine,
  'cloud-foundry': cloudFoundry,
  'auth-file': authFile,
};
