import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NAMESPACE } from '../cloud.ts';
import { REGISTRY } from '../demo.ts';
import { verify } from '../failure.ts';
import { digestOf, writeLayout } from '../image.ts';
import type { Client } from './client.ts';

const REFERENCE = `${REGISTRY}/${NAMESPACE}/skopeo:v1`;

export const skopeo: Client = {
  name: 'skopeo',
  reference: REFERENCE,
  async pushAndPull({ home, shell }, image) {
    writeLayout(image, join(home.folder, 'hello'));
    await shell.run('skopeo', ['copy', 'oci:hello:v1', `docker://${REFERENCE}`]);
    await shell.run('skopeo', ['copy', `docker://${REFERENCE}`, 'dir:pulled']);
    for (const [name, { digest }] of Object.entries({
      'manifest.json': image.manifest,
      layer: image.layer,
    })) {
      const file = join(home.folder, 'pulled', name === 'layer' ? digest.replace('sha256:', '') : name);
      const same = existsSync(file) && digestOf(readFileSync(file)) === digest;
      verify(same, `the ${name} that skopeo pulled is not the one that it pushed`);
    }
  },
  async canPull({ shell }) {
    return (await shell.attempt('skopeo', ['copy', `docker://${REFERENCE}`, 'dir:again'])).code === 0;
  },
};
