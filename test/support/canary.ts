import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The forms in which a secret may turn up: as it is, encoded, or in part. */
export function formsOf(secret: string): string[] {
  const [, claims, signature] = secret.startsWith('eyJ') ? secret.split('.') : [];
  const whole = [secret, encodeURIComponent(secret), base64(secret), Buffer.from(secret).toString('hex')];
  const logins = ['iamapikey', 'iambearer', 'iamrefresh'].map((user) => base64(`${user}:${secret}`));
  // Half of it is too much as well.
  const half = secret.slice(0, Math.floor(secret.length / 2));
  return [...whole, ...logins, ...(claims && signature ? [claims, signature] : [half])];
}

/** Without what depends on the bytes that follow. */
function base64(text: string): string {
  return Buffer.from(text).toString('base64').replace(/.=*$/, '');
}

/** Which of the secrets turn up in a text, by their names. */
export function tracesIn(text: string, secrets: Readonly<Record<string, string>>): string[] {
  const found = Object.entries(secrets).filter(([, secret]) =>
    formsOf(secret).some((form) => text.includes(form)),
  );
  return found.map(([name]) => name);
}

/** The same for the files below a folder, their names included. */
export function tracesBelow(folder: string, secrets: Readonly<Record<string, string>>): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.flatMap((name) => {
    const content = lstatSync(join(folder, name)).isFile() ? readFileSync(join(folder, name), 'latin1') : '';
    return tracesIn(`${name}\n${content}`, secrets).map((secret) => `${secret} in ${name}`);
  });
}
