import { type Answer, answerWith } from '../answer.ts';
import { answerFor, type HelperOptions, kindFor } from '../helper.ts';
import type { RegistryHost } from '../registry-host.ts';
import { cacheDuration } from './cache-duration.ts';
import { type Image, parseImage } from './image.ts';
import type { KubeletRequest } from './request.ts';
import type { CacheKeyType, KubeletResponse } from './response.ts';
import { serviceAccountCredential } from './service-account.ts';

/** An image of another registry: no login changes that. */
const FOREIGN_MS = 60 * 60_000;
/** Nobody answers for this registry; somebody may log in. Meanwhile public images can be pulled. */
const NOBODY_MS = 60_000;

/** The answer for one pull; `random` from 0 to 1 spreads the next one. */
export async function provide(
  request: KubeletRequest,
  options: HelperOptions,
  random: number,
): Promise<KubeletResponse> {
  const image = parseImage(request.image);
  const { host } = image;
  if (!host) return { cacheKeyType: 'Registry', cacheMs: FOREIGN_MS, auth: null };
  const cacheKeyType = cacheKeyTypeFor(host, options);
  const answer = await findAnswer(request, host, options);
  if (!answer) return { cacheKeyType, cacheMs: NOBODY_MS, auth: null };
  const { username, secret } = answer;
  const cacheMs = cacheDuration(answer, options.context.system.now(), random);
  return { cacheKeyType, cacheMs, auth: { pattern: patternFor(image, cacheKeyType), username, secret } };
}

async function findAnswer(
  request: KubeletRequest,
  host: RegistryHost,
  options: HelperOptions,
): Promise<Answer | null> {
  const ofPod = serviceAccountCredential(request, host, options.context);
  if (ofPod) return answerWith(ofPod, 'iambearer', options.provideTokens);
  return answerFor(host, kindFor(host, options.context), options);
}

/** One answer is for the whole registry, unless a namespace of it has a login or settings of its own. */
function cacheKeyTypeFor({ name }: RegistryHost, { context }: HelperOptions): CacheKeyType {
  const named = [
    ...Object.keys(context.settings.registries ?? {}),
    ...context.store.records().map((record) => record.name),
  ];
  return named.some((one) => one.startsWith(`${name}/`)) ? 'Image' : 'Registry';
}

function patternFor({ registry, repository }: Image, cacheKeyType: CacheKeyType): string {
  return cacheKeyType === 'Image' ? `${registry}/${repository}` : registry;
}
