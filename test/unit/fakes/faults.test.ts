import { gunzipSync } from 'node:zlib';
import { beforeEach, expect, it } from 'vitest';
import { createIam, type Iam } from '../../fakes/iam.ts';

let iam: Iam;
let form: Record<string, string>;

beforeEach(() => {
  iam = createIam();
  const apikey = iam.addApiKey(iam.addServiceId({ name: 'deployer' }));
  form = { grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey };
});

function ask(signal?: AbortSignal): Promise<Response> {
  const url = 'https://iam.cloud.ibm.com/identity/token';
  const init = { method: 'POST', body: new URLSearchParams(form) };
  return iam.handle(new Request(url, signal ? { ...init, signal } : init));
}

async function statuses(count: number): Promise<number[]> {
  const seen: number[] = [];
  for (let asked = 0; asked < count; asked += 1) seen.push((await ask()).status);
  return seen;
}

it('come in order, and end', async () => {
  iam.failNext(2, { kind: 'status', status: 500 });
  iam.failNext(1, { kind: 'html', status: 502 });
  expect(await statuses(4)).toEqual([500, 500, 502, 200]);
});

it('stay until they are taken away, and leave other paths alone', async () => {
  iam.setFault({ kind: 'refuse', code: 'BXNIM0415E' });
  expect(await statuses(2)).toEqual([400, 400]);
  expect((await iam.handle(new Request('https://iam.cloud.ibm.com/identity/keys'))).status).toBe(200);
  iam.setFault(null);
  expect(await statuses(1)).toEqual([200]);
});

it('Retry-After comes in seconds or as a date, or not at all', async () => {
  const headerOf = async (retryAfter?: number | Date) => {
    iam.failNext(1, { kind: 'status', status: 429, ...(retryAfter !== undefined && { retryAfter }) });
    return (await ask()).headers.get('retry-after');
  };
  expect(await headerOf(7)).toBe('7');
  expect(await headerOf(new Date(0))).toBe('Thu, 01 Jan 1970 00:00:00 GMT');
  expect(await headerOf()).toBeNull();
});

it('close and cut-body look like a reset connection', async () => {
  iam.failNext(1, { kind: 'close' });
  await expect(ask()).rejects.toMatchObject({ code: 'ECONNRESET' });
  iam.failNext(1, { kind: 'cut-body' });
  await expect((await ask()).text()).rejects.toMatchObject({ code: 'ECONNRESET' });
});

it('hang ends with the caller, and leaves an exchange without a status', async () => {
  iam.failNext(1, { kind: 'hang' });
  await expect(ask(AbortSignal.timeout(20))).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(iam.exchanges.map(({ status }) => status)).toEqual([null]);
});

it('delay is late, then normal or another fault', async () => {
  const started = performance.now();
  iam.failNext(1, { kind: 'delay', milliseconds: 30, followedBy: { kind: 'refuse', code: 'BXNIM0415E' } });
  expect((await ask()).status).toBe(400);
  expect(performance.now() - started).toBeGreaterThan(25);
});

it('cut-json is complete HTTP and half a JSON', async () => {
  iam.failNext(1, { kind: 'cut-json' });
  const text = await (await ask()).text();
  expect(text).toMatch(/^\{"access_token":"eyJ/);
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
});

it('huge is as big as asked, and small on the wire if compressed', async () => {
  iam.failNext(1, { kind: 'huge', megabytes: 2 });
  expect((await (await ask()).arrayBuffer()).byteLength).toBeGreaterThan(2 * 1024 * 1024);
  iam.failNext(1, { kind: 'huge', megabytes: 2, gzip: true });
  const packed = Buffer.from(await (await ask()).arrayBuffer());
  expect(packed.byteLength).toBeLessThan(20_000);
  expect(gunzipSync(packed).byteLength).toBeGreaterThan(2 * 1024 * 1024);
});

it('redirects anywhere', async () => {
  iam.failNext(1, { kind: 'redirect', location: 'https://example.com/' });
  expect(await ask()).toMatchObject({ status: 307 });
});

it('a drip gives the whole answer, if one waits', async () => {
  const url = 'https://iam.cloud.ibm.com/identity/keys';
  iam.setFault({ kind: 'drip', milliseconds: 0 }, '/identity/keys');
  expect(await (await iam.handle(new Request(url))).json()).toHaveProperty('keys');
});
