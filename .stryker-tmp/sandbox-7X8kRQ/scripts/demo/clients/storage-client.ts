import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NAMESPACE } from '../cloud.ts';
import { type Demo, REGISTRY } from '../demo.ts';
import { verify } from '../failure.ts';
import type { Client } from './client.ts';

/** podman and docker: they keep images in a store of their own, and take the same commands. */
export function createStorageClient(program: 'podman' | 'docker'): Client {
  const reference = `${REGISTRY}/${NAMESPACE}/${program}:v1`;
  const pull = ['pull', '--quiet', reference];
  return {
    name: program,
    reference,
    async pushAndPull(demo, image) {
      const { home, shell } = demo;
      writeFileSync(join(home.folder, 'hello.tar'), image.archive);
      await shell.run(program, ['import', 'hello.tar', reference], { quiet: true });
      const pushed = await imageId(demo);
      await shell.run(program, ['push', reference]);
      await shell.run(program, ['rmi', reference], { quiet: true });
      verify((await imageId(demo)) === '', `${program} rmi left the image in place`);
      await shell.run(program, pull);
      // The id is the digest of the configuration, and that holds the digests of the layers.
      const same = pushed !== '' && (await imageId(demo)) === pushed;
      verify(same, `the image that ${program} pulled is not the one that it pushed`);
    },
    async canPull({ shell }) {
      await shell.run(program, ['rmi', reference], { quiet: true });
      return (await shell.attempt(program, pull)).code === 0;
    },
  };

  async function imageId({ shell }: Demo): Promise<string> {
    const args = ['images', '--quiet', '--no-trunc', reference];
    return (await shell.run(program, args, { quiet: true })).stdout.trim();
  }
}
