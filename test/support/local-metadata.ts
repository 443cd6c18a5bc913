import { onTestFinished } from 'vitest';
import type { Iam } from '../fakes/iam.ts';
import { createMetadata, type Metadata, type MetadataSettings } from '../fakes/metadata.ts';
import { startServer } from '../fakes/server.ts';

/** The instance metadata service as a plain server on loopback, for one test. */
export async function startLocalMetadata(
  iam: Iam,
  settings: Partial<MetadataSettings> = {},
): Promise<{ metadata: Metadata; metadataUrl: string }> {
  const metadata = createMetadata({ iam, ...settings });
  const server = await startServer({ handlers: { '*': metadata.handle } });
  onTestFinished(() => server.close());
  return { metadata, metadataUrl: server.url };
}
