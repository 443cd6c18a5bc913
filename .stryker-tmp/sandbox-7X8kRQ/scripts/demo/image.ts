import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A part of an image as registries keep it. */
export interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly content: Buffer;
}

/** An image of one file, unlike any other: what is pulled later can only be what was pushed. */
export interface Image {
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layer: Blob;
  /** The layer as a plain tar archive, for `podman import`. */
  readonly archive: Buffer;
}

const TYPE = 'application/vnd.oci.image';

/** OCI Image Format Specification 1.0. */
export function makeImage(): Image {
  const archive = tar('hello.txt', `Hello from docker-credential-icr, ${randomUUID()}\n`);
  const layer = blob(`${TYPE}.layer.v1.tar+gzip`, gzipSync(archive));
  const config = blob(
    `${TYPE}.config.v1+json`,
    json({
      ...{ architecture: 'amd64', os: 'linux', config: {} },
      rootfs: { type: 'layers', diff_ids: [digestOf(archive)] },
    }),
  );
  const manifest = blob(
    `${TYPE}.manifest.v1+json`,
    json({
      schemaVersion: 2,
      mediaType: `${TYPE}.manifest.v1+json`,
      config: descriptor(config),
      layers: [descriptor(layer)],
    }),
  );
  return { manifest, config, layer, archive };
}

/** An OCI image layout, for `skopeo copy oci:FOLDER:v1`. */
export function writeLayout(image: Image, folder: string): void {
  const blobs = join(folder, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  for (const { digest, content } of [image.manifest, image.config, image.layer]) {
    writeFileSync(join(blobs, digest.replace('sha256:', '')), content);
  }
  writeFileSync(join(folder, 'oci-layout'), json({ imageLayoutVersion: '1.0.0' }));
  const annotations = { 'org.opencontainers.image.ref.name': 'v1' };
  const manifests = [{ ...descriptor(image.manifest), annotations }];
  writeFileSync(join(folder, 'index.json'), json({ schemaVersion: 2, manifests }));
}

export function digestOf(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

function blob(mediaType: string, content: Buffer): Blob {
  return { mediaType, digest: digestOf(content), content };
}

function descriptor({ mediaType, digest, content }: Blob) {
  return { mediaType, digest, size: content.byteLength };
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** An archive of one file (POSIX.1-1988 ustar), owned by nobody in particular. */
function tar(name: string, text: string): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.alloc(512);
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`;
  header.write(name, 0);
  header.write(octal(0o644, 8) + octal(0, 8) + octal(0, 8), 100);
  header.write(octal(content.byteLength, 12) + octal(Math.floor(Date.now() / 1000), 12), 124);
  header.write('        0', 148); // the checksum counts as blanks; then the type: a plain file
  header.write('ustar\0' + '00', 257);
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  header.write(`${octal(checksum, 7)} `, 148);
  const padding = Buffer.alloc((512 - (content.byteLength % 512)) % 512);
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)]);
}
