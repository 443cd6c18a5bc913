import { HelperError } from '../errors.ts';
import { authFile } from './auth-file.ts';
import { cloudFoundry } from './cloud-foundry.ts';
import { codeEngine } from './code-engine.ts';
import type { Consumer } from './consumer.ts';
import type { ConsumerName } from './consumer-names.ts';
import { CONSUMER_NAMES } from './consumer-names.ts';
import { kubernetes } from './kubernetes.ts';
import { skopeo } from './skopeo.ts';

const CONSUMERS: Record<ConsumerName, Consumer> = {
  skopeo,
  kubernetes,
  'code-engine': codeEngine,
  'cloud-foundry': cloudFoundry,
  'auth-file': authFile,
};

export function findConsumer(name: string): Consumer {
  const known = CONSUMER_NAMES.find((one) => one === name);
  if (known) return CONSUMERS[known];
  throw new HelperError('usage', `export does not know ${name}`, {
    hint: `use ${CONSUMER_NAMES.join(', ')}`,
  });
}
