/**
 * A double of the ibmcloud CLI, as far as `iam oauth-tokens` goes: it loads config.json once, asks IAM
 * for a new token as the client bx, and overwrites the file whole and in place
 * (IBM-Cloud/ibm-cloud-cli-sdk: core_config, persistor). Started by the wrapper that
 * test/support/ibmcloud-cli.ts writes, with the folder in which it keeps what tests want to know.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [notes = '', ...args] = process.argv.slice(2);
const { env } = process;
appendFileSync(join(notes, 'runs'), `${JSON.stringify({ args, env })}\n`);
const mode = readFileSync(join(notes, 'mode'), 'utf8');

const config = join(configFolder(), 'config.json');
const loaded = JSON.parse(readFileSync(config, 'utf8'));

switch (mode) {
  case 'failing':
    fail(`Unable to ask IAM with ${loaded.IAMRefreshToken}`);
    break;
  case 'hanging':
    // As stubborn as can be: deaf, and with a child that keeps the pipes open.
    process.on('SIGTERM', () => {});
    appendFileSync(join(notes, 'pids'), `${process.pid}\n`);
    // Longer than a test may take, which ends them both.
    appendFileSync(join(notes, 'children'), `${spawn('/bin/sleep', ['900'], { stdio: 'inherit' }).pid}\n`);
    setTimeout(() => {}, 900_000);
    break;
  case 'wordless':
    console.log('OK');
    break;
  case 'same token':
    print(loaded.IAMToken);
    break;
  default:
    if (mode === 'slow') await new Promise((resolve) => setTimeout(resolve, 2000));
    await renew();
}

async function renew() {
  const endpoint = loaded.IsPrivate ? loaded.IAMPrivateEndpoint : loaded.IAMEndpoint;
  const response = await fetch(`${endpoint}/identity/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from('bx:bx').toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: loaded.IAMRefreshToken }),
  });
  /** @type {{ access_token: string, refresh_token: string, errorMessage?: string }} */
  const answer = JSON.parse(await response.text());
  if (!response.ok) return fail(`Remote server error: ${answer.errorMessage}`);
  loaded.IAMToken = `Bearer ${answer.access_token}`;
  write();
  // Two writes, like the real one.
  loaded.IAMRefreshToken = answer.refresh_token;
  write();
  print(loaded.IAMToken);
}

function write() {
  const text = JSON.stringify(loaded, null, 2);
  writeFileSync(config, text, { mode: 0o600 });
  writeFileSync(join(notes, 'written'), text);
}

/** @param {string} token */
function print(token) {
  const text = JSON.stringify({ iam_token: token, uaa_token: '' }, null, 2);
  console.log(mode === 'chatter' ? `A new version 9.9 {is} available.\n${text}\nTIP: all is well.` : text);
}

/** @param {string} message */
function fail(message) {
  console.log(`FAILED\n${message}`);
  process.exitCode = 1;
}

function configFolder() {
  if (env['IBMCLOUD_CONFIG_HOME']) return env['IBMCLOUD_CONFIG_HOME'];
  const home = env['IBMCLOUD_HOME'] || env['BLUEMIX_HOME'] || env['HOME'] || '';
  return existsSync(join(home, '.ibmcloud')) ? join(home, '.ibmcloud') : join(home, '.bluemix');
}
